import { honestClaims } from '../../../harness/checks/honest-claims.ts';
import { entries } from '../../unit/entries.ts';
import { claim, messages, received, sends } from './common.ts';
import type { Sample } from './sample.ts';

export default {
  spec: honestClaims('what is claimed was received', {
    claims: { ...sends, status: 'acknowledged' },
    denials: { ...sends, status: 'failed' },
    received: messages,
    key: 'id',
    given: sends,
  }),
  good: entries(claim('1', 'acknowledged'), received('1'), claim('2', 'failed'), claim('3', 'unknown')),
  bad: entries(claim('1', 'acknowledged'), claim('2', 'failed'), received('2')),
} satisfies Sample;
