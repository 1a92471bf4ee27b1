import { followed } from '../../../harness/checks/followed.ts';
import { entries } from '../../unit/entries.ts';
import { begun, ended } from './common.ts';
import type { Sample } from './sample.ts';

export default {
  spec: followed('connections end', {
    each: begun,
    by: ended,
    same: 'connection',
    withinMs: 2_000,
  }),
  good: entries({ ...begun, connection: 1 }, { ...ended, connection: 1 }),
  bad: entries({ ...begun, connection: 1 }, { ...ended, connection: 2 }),
} satisfies Sample;
