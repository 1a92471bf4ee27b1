import { toldOnce } from '../../../harness/checks/told-once.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

const failed = (t: number, operation = 'report') =>
  ({
    kind: 'agent.log',
    level: 'error',
    event: 'operation_failed',
    message: 'no',
    log: 'agent',
    operation,
    t,
  }) as const;
const recovered = (t: number) =>
  ({ ...failed(t), level: 'info', event: 'operation_recovered', message: 'well again' }) as const;

export default {
  spec: toldOnce('an outage is told of once', {
    of: { kind: 'agent.log', event: 'operation_failed' },
    by: ['log', 'operation'],
    over: { kind: 'agent.log', event: 'operation_recovered' },
    withinMs: 50_000,
  }),
  good: entries(failed(0), failed(10, 'heartbeat'), recovered(5_000), failed(9_000), failed(60_000)),
  bad: entries(failed(0), failed(20_000)),
} satisfies Sample;
