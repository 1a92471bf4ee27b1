import { trueBeliefs } from '../../../harness/checks/true-beliefs.ts';
import { entries } from '../../unit/entries.ts';
import { belief, messages, received, state } from './common.ts';
import type { Sample } from './sample.ts';

export default {
  spec: trueBeliefs('the state is true', {
    samples: state,
    belief: 'claimed',
    open: ['open'],
    shut: ['closed'],
    received: messages,
  }),
  good: entries(
    belief('open', '1'),
    received('1'),
    received('w1'),
    belief('closed', '2'),
    belief('suspect', '3'),
    received('w3'),
  ),
  bad: entries(belief('open', '1'), belief('closed', '2'), received('w2')),
} satisfies Sample;
