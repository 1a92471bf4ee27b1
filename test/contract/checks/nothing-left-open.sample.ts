import { nothingLeftOpen } from '../../../harness/checks/nothing-left-open.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

const connection = { link: 'agent→server', connection: 1 } as const;
const opened = { kind: 'tls.client-hello', ...connection } as const;
const stopped = { kind: 'lab.stopped' } as const;
const cutOff = { kind: 'connection.close', ...connection, end: 'stopped', by: 'api' } as const;

export default {
  spec: nothingLeftOpen('who has stopped has no connection left', {
    of: { kind: 'tls.client-hello' },
    since: { kind: 'lab.stopped' },
  }),
  // A fault may keep the end of the client's from the server.
  good: entries(
    opened,
    { kind: 'connection.end', ...connection, side: 'client', how: 'fin' },
    stopped,
    cutOff,
  ),
  bad: entries(opened, stopped, cutOff),
} satisfies Sample;
