import { rightLevels } from '../../../harness/checks/right-levels.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

const lost = { kind: 'agent.log', level: 'error', event: 'report_lost' } as const;
const back = { kind: 'agent.log', level: 'info', event: 'operation_recovered' } as const;

export default {
  spec: rightLevels('a loss is an ERROR', {
    of: { kind: 'agent.log' },
    rules: [
      { when: { event: 'report_lost' }, level: 'error' },
      { when: { event: 'operation_recovered' }, level: 'info' },
    ],
  }),
  good: entries(lost, back, { ...back, level: 'debug', event: 'another' }),
  bad: entries(lost, { ...lost, level: 'info' }),
} satisfies Sample;
