import { countsAgree } from '../../../harness/checks/counts-agree.ts';
import { entries } from '../../unit/entries.ts';
import { request } from './common.ts';
import type { Sample } from './sample.ts';

export default {
  spec: countsAgree('the statistics agree with the log', {
    of: request,
    counted: { kind: 'subject.note', name: 'statistics' },
    field: 'requests',
  }),
  good: entries(request, request, { kind: 'subject.note', name: 'statistics', requests: 2 }),
  bad: entries(request, { kind: 'subject.note', name: 'statistics', requests: 2 }),
} satisfies Sample;
