import { soundWaits } from '../../../harness/checks/sound-waits.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

const failed = (attempt: number, delayMs: number, t: number) =>
  ({ kind: 'agent.log', event: 'attempt_failed', log: 'agent', attempt, delayMs, t }) as const;

export default {
  spec: soundWaits('waits grow, differ and are kept', {
    of: { kind: 'agent.log', event: 'attempt_failed' },
    wait: 'delayMs',
    attempt: 'attempt',
    by: ['log'],
  }),
  good: entries(failed(1, 1_010, 0), failed(2, 1_950, 1_020), failed(1, 970, 9_000)),
  bad: entries(failed(1, 1_010, 0), failed(2, 1_950, 400)),
} satisfies Sample;
