import { growth } from '../../../harness/checks/growth.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

const held = (t: number, fds: number, sockets = 2) => ({ kind: 'process.sample', t, fds, sockets }) as const;

export default {
  spec: growth('it holds no more at its end', {
    of: { kind: 'process.sample' },
    atMost: { fds: 5, sockets: 1 },
  }),
  // What is in use for a moment, or filled once at the beginning, is no leak.
  good: entries(held(0, 10), held(1, 14), held(2, 40, 9), held(3, 15, 3), held(4, 30), held(5, 15)),
  bad: entries(held(0, 10), held(1, 14), held(2, 40, 9), held(3, 45, 9), held(4, 50, 9), held(5, 55, 9)),
} satisfies Sample;
