/**
 * A plain WebSocket beside the subject's own, over the same link and under the same faults. Whether its messages arrive
 * is the truth that a subject's belief about its connection is held against.
 */
import type { Table } from 'shaketable';
import { createWebSocket } from '../../services/agent/websocket/web-socket.ts';
import { webSocketUrl } from './web-socket-url.ts';

export interface Witness {
  /** Sends a message and returns its id; nothing tells whether it arrives, but the server's log. */
  say(about: string): string;
}

/** Opens the witness; it is cut off with the table. */
export async function openWitness(
  table: Table,
  target: { readonly url: string; readonly token: string },
): Promise<Witness> {
  const socket = createWebSocket({
    url: webSocketUrl(target.url, 'witness'),
    token: target.token,
    ca: table.authority.certPem,
    dial: table.dial,
    verify: true,
  });
  table.use({ [Symbol.asyncDispose]: async () => socket.terminate() });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.on('error', reject);
  });
  return {
    say(about) {
      const id = `witness of ${about}`;
      socket.send(JSON.stringify({ type: 'user_message', id }), () => {});
      return id;
    },
  };
}
