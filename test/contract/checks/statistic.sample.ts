import { statistic } from '../../../harness/checks/statistic.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

export default {
  spec: statistic('buffers stay small', {
    of: { kind: 'process.sample' },
    field: 'bytes',
    take: 'max',
    atMost: 10,
  }),
  good: entries({ kind: 'process.sample', bytes: 5 }, { kind: 'process.sample', bytes: 9 }),
  bad: entries({ kind: 'process.sample', bytes: 5 }, { kind: 'process.sample', bytes: 90 }),
} satisfies Sample;
