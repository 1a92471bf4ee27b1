import { each } from '../../../harness/checks/each.ts';
import { entries } from '../../unit/entries.ts';
import { error, request } from './common.ts';
import type { Sample } from './sample.ts';

export default {
  spec: each('failures carry a stack', {
    of: { kind: 'agent.log', level: 'error' },
    has: { 'err.stack': { exists: true } },
    given: request,
  }),
  good: entries(request, error),
  bad: entries(request, { kind: 'agent.log', level: 'error', err: { message: 'no' } }),
} satisfies Sample;
