import { distinct } from '../../../harness/checks/distinct.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

export default {
  spec: distinct('waits differ', { of: { kind: 'agent.log' }, field: 'delayMs', atLeast: 2 }),
  good: entries({ kind: 'agent.log', delayMs: 1 }, { kind: 'agent.log', delayMs: 2 }),
  bad: entries({ kind: 'agent.log', delayMs: 1 }, { kind: 'agent.log', delayMs: 1 }),
} satisfies Sample;
