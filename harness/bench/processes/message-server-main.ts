/** The WebSocket server of a benchmark, in a process of its own. */
import { once } from 'node:events';
import type net from 'node:net';
import { serveKinds } from './helper.ts';
import { createMessageServer, type MessageServer } from './message-server.ts';

let messages: MessageServer | undefined;

serveKinds({
  /** Listens; gives back the port. */
  listen: async ({ dropEvery }) => {
    messages = createMessageServer(Number(dropEvery));
    messages.server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
    await once(messages.server, 'listening');
    return (messages.server.address() as net.AddressInfo).port;
  },
  received: async ({ take }) => await messages?.takeReceived(Number(take)),
});
