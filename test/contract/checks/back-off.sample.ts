import { backOff } from '../../../harness/checks/back-off.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

const open = (t: number) => ({ kind: 'connection.open', t }) as const;

export default {
  spec: backOff('it waits longer and longer, and never too long', {
    of: { kind: 'connection.open' },
    atMost: 6,
    growth: 2,
    capMs: 10_000,
  }),
  good: entries(open(0), open(1_000), open(3_100), open(7_000), open(16_000), open(26_500)),
  bad: entries(open(0), open(1_000), open(2_000), open(3_000), open(4_000)),
} satisfies Sample;
