import { count } from '../../../harness/checks/count.ts';
import { entries } from '../../unit/entries.ts';
import { error, request, started } from './common.ts';
import type { Sample } from './sample.ts';

export default {
  spec: count('no error is logged', {
    of: { kind: 'agent.log', level: 'error' },
    given: request,
    atMost: 0,
  }),
  good: entries(started, request, request),
  bad: entries(request, error),
} satisfies Sample;
