import { accounted } from '../../../harness/checks/accounted.ts';
import { entries } from '../../unit/entries.ts';
import { refused } from './common.ts';
import type { Sample } from './sample.ts';

export default {
  spec: accounted('every failure is told of or counted', {
    happened: refused,
    told: { kind: 'agent.log', event: 'attempt_failed' },
    counted: { of: { kind: 'agent.log', event: 'suppressed' }, field: 'count' },
  }),
  good: entries(
    ...Array.from({ length: 4 }, () => refused),
    { kind: 'agent.log', event: 'attempt_failed' },
    { kind: 'agent.log', event: 'suppressed', count: 2 },
    { kind: 'agent.log', event: 'attempt_failed' },
  ),
  bad: entries(refused, refused, { kind: 'agent.log', event: 'attempt_failed' }),
} satisfies Sample;
