import { oneEffectEach } from '../../../harness/checks/one-effect.ts';
import { entries } from '../../unit/entries.ts';
import { operation, request } from './common.ts';
import type { Sample } from './sample.ts';

export default {
  spec: oneEffectEach('each report counts once', {
    effects: { ...request, effect: 'applied' },
    operations: operation,
    key: 'sequence',
  }),
  good: entries({ ...operation, sequence: 1 }, { ...request, effect: 'applied', sequence: 1 }),
  bad: entries(
    { ...request, effect: 'applied', sequence: 1 },
    { ...request, effect: 'applied', sequence: 1 },
  ),
} satisfies Sample;
