/** A report counts once, and none is lost that nobody tells of (R1.5). */
import { noMissing } from '../checks/no-missing.ts';
import { oneEffectEach } from '../checks/one-effect.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

const reports = {
  kind: 'server.log',
  event: 'request',
  idempotencyKey: { exists: true },
  effect: 'applied',
} as const satisfies Matcher;

export const oneEffect: StandingCheck = {
  title: 'what carries one key takes effect once',
  judges: 'sound',
  needs: [reports],
  check: (title) => oneEffectEach(title, { effects: reports, key: 'idempotencyKey' }),
};

export const nothingLost: StandingCheck = {
  title: 'no report is lost that the program does not tell of',
  judges: 'sound',
  needs: [{ ...reports, sequence: { exists: true } }],
  check: (title) =>
    noMissing(title, {
      of: reports,
      field: 'sequence',
      groupBy: 'machineId',
      told: { kind: 'agent.log', event: 'report_lost' },
      fewest: 1,
    }),
};
