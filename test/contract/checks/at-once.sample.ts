import { atOnce } from '../../../harness/checks/at-once.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

const open = (connection: number) =>
  ({
    kind: 'connection.open',
    link: 'sync→mysql',
    connection,
    clientAddress: '127.0.0.1',
    clientPort: 1,
  }) as const;
const close = (connection: number) =>
  ({ kind: 'connection.close', link: 'sync→mysql', connection, end: 'fin', by: 'client' }) as const;

export default {
  spec: atOnce('the pool keeps to its limit', {
    of: { kind: 'connection.open' },
    ends: { kind: 'connection.close' },
    by: ['link', 'connection'],
    atMost: 2,
    unit: 'connections',
  }),
  good: entries(open(1), open(2), close(1), open(3)),
  bad: entries(open(1), open(2), close(1), open(3), open(4)),
} satisfies Sample;
