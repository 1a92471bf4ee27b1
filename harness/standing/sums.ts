/** A record that sums up what was before it says how many there were (R1.4, R3.4): who trusts it does not count again. */
import { tallied } from '../checks/tallied.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

/** A WebSocket counts its attempts, and authentication what was refused: neither is told of one by one. */
const countedOtherwise = ['authentication', 'ws_connect'];

const recovered = {
  kind: 'agent.log',
  event: 'operation_recovered',
  operation: { not: { anyOf: countedOtherwise } },
  failures: { exists: true },
} as const satisfies Matcher;

export const failuresAddUp: StandingCheck = {
  title: 'an operation that works again says how often it failed',
  judges: 'sound',
  needs: [recovered],
  check: (title) =>
    tallied(title, {
      sums: recovered,
      field: 'failures',
      of: { kind: 'agent.log', event: 'operation_failed', operation: { exists: true } },
      by: ['log', 'pid', 'operation'],
      counted: {
        of: { kind: 'agent.log', event: 'suppressed', key: { matches: '^operation_failed ' } },
        field: 'count',
        words: 'key',
      },
      anew: { kind: 'agent.log', event: 'agent_started' },
    }),
};
