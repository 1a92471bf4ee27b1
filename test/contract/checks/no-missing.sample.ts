import { noMissing } from '../../../harness/checks/no-missing.ts';
import { entries } from '../../unit/entries.ts';
import { request } from './common.ts';
import type { Sample } from './sample.ts';

export default {
  spec: noMissing('no report is lost', { of: request, field: 'sequence' }),
  good: entries({ ...request, sequence: 1 }, { ...request, sequence: 2 }, { ...request, sequence: 2 }),
  bad: entries({ ...request, sequence: 1 }, { ...request, sequence: 3 }),
} satisfies Sample;
