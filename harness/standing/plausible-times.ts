/** What a program says of how long something took can be true: it has kept its clocks and its units apart. */
import { plausibleTimes } from '../checks/plausible-times.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

const records = { kind: { anyOf: ['agent.log', 'server.log'] } } as const satisfies Matcher;

const fields = ['durationMs', 'waitedMs', 'databaseMs', 'heldBackMs', 'sinceMs'];

/** Real milliseconds: the clock of a program of its own is set to the lab's once. */
const slackRealMs = 100;

export const timesThatCanBe: StandingCheck = {
  title: 'nothing took longer than the run had lasted',
  judges: 'sound',
  needs: [{ ...records, event: { exists: true }, durationMs: { exists: true } }],
  check: (title, { pace }) => plausibleTimes(title, { of: records, fields, slackMs: slackRealMs * pace }),
};
