import { tallied } from '../../../harness/checks/tallied.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

const message = { kind: 'server.log', event: 'ws_message', connectionId: 'c1' } as const;
const closed = { kind: 'server.log', event: 'ws_close', connectionId: 'c1' } as const;

export default {
  spec: tallied('a connection that is closed says how many messages it carried', {
    sums: { kind: 'server.log', event: 'ws_close' },
    field: 'messages',
    of: { kind: 'server.log', event: 'ws_message' },
    by: ['connectionId'],
  }),
  good: entries(message, { ...message, connectionId: 'c2' }, message, { ...closed, messages: 2 }),
  bad: entries(message, { ...message, connectionId: 'c2' }, { ...closed, messages: 2 }),
} satisfies Sample;
