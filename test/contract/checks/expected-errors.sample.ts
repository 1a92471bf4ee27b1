import { expectedErrors } from '../../../harness/checks/expected-errors.ts';
import { entries } from '../../unit/entries.ts';
import { error } from './common.ts';
import type { Sample } from './sample.ts';

export default {
  spec: expectedErrors('no ERROR record goes unseen', { judged: [{ event: 'operation_failed' }] }),
  good: entries({ ...error, event: 'operation_failed' }, { ...error, event: 'suppressed' }),
  bad: entries({ ...error, event: 'operation_failed' }, { ...error, event: 'report_lost' }),
  // Nobody has judged the record, so that nothing is known of it.
  finds: 'unknown',
} satisfies Sample;
