import { noSecret } from '../../../harness/checks/no-secret.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

export default {
  spec: noSecret('no secret gets out', { secrets: ['token'] }),
  good: entries({ kind: 'lab.secret-scan', hits: 0 }, { kind: 'agent.log', message: 'abc12345...xyz9' }),
  bad: entries(
    { kind: 'lab.secret-scan', hits: 0 },
    { kind: 'agent.log', message: 'Bearer [planted secret: token]' },
  ),
} satisfies Sample;
