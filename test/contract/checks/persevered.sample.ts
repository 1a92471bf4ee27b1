import { persevered } from '../../../harness/checks/persevered.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

const givenUp = { kind: 'agent.log', event: 'operation_failed', attempts: 3 } as const;

export default {
  spec: persevered('it is given up at the last attempt', {
    of: { kind: 'agent.log', event: 'operation_failed' },
    attempt: 'attempt',
    attempts: 'attempts',
  }),
  good: entries({ ...givenUp, attempt: 3 }, { ...givenUp, attempt: 3 }),
  bad: entries({ ...givenUp, attempt: 3 }, { ...givenUp, attempt: 2 }),
} satisfies Sample;
