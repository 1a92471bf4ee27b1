/** What a program logs is nobody else's business: its log files are readable by their owner alone (R3.5). */
import { each } from '../checks/each.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

const files = { kind: 'lab.log-file', writer: 'agent' } as const satisfies Matcher;

export const privateLogs: StandingCheck = {
  title: 'only the owner may read a log file',
  judges: 'sound',
  needs: [files],
  check: (title) =>
    each(title, {
      of: files,
      has: { mode: { matches: '^[0-7]00$' } },
      given: files,
    }),
};
