import { intervals } from '../../../harness/checks/intervals.ts';
import { entries } from '../../unit/entries.ts';
import { begun } from './common.ts';
import type { Sample } from './sample.ts';

export default {
  spec: intervals('it backs off', { of: begun, expectMs: [1_000, 2_000], below: 0.1, above: 0.1 }),
  good: entries({ ...begun, t: 0 }, { ...begun, t: 1_000 }, { ...begun, t: 3_000 }),
  bad: entries({ ...begun, t: 0 }, { ...begun, t: 100 }, { ...begun, t: 200 }),
} satisfies Sample;
