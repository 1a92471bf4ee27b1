import { jitter } from '../../../harness/checks/jitter.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

export default {
  spec: jitter('agents come back apart', {
    of: { kind: 'agent.log' },
    field: 'delayMs',
    groupBy: 'attempt',
    atLeast: 0.05,
  }),
  good: entries(
    ...[900, 1_000, 1_100].map((delayMs) => ({ kind: 'agent.log', attempt: 1, delayMs }) as const),
  ),
  bad: entries(
    ...[1_000, 1_000, 1_000].map((delayMs) => ({ kind: 'agent.log', attempt: 1, delayMs }) as const),
  ),
} satisfies Sample;
