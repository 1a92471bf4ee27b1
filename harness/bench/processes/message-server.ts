/** A WebSocket server that keeps the number of each message that it got, and acknowledges those of `/acknowledged`. */
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { WebSocketServer } from 'ws';

/** What the server had since the last call. */
export interface Received {
  /** Numbers of the messages of the take that was asked for, each as often as it came. */
  readonly ids: Uint32Array;
  /** Messages of another take, or that make no sense. */
  readonly strays: number;
  readonly connections: number;
  readonly bytesRead: number;
}

export interface MessageServer {
  readonly server: http.Server;
  /** Waits until no connection is open. */
  takeReceived(take: number): Promise<Received>;
}

/** `dropEvery`: throws away each message whose count is a multiple, without a word; 0 is none. */
export function createMessageServer(dropEvery: number): MessageServer {
  let messages: { take: number; id: number }[] = [];
  let [count, connections, bytesRead] = [0, 0, 0];
  const open = new Set<net.Socket>();
  const server = http.createServer();
  server.on('connection', (socket) => {
    connections += 1;
    open.add(socket);
    socket.once('close', () => {
      bytesRead += socket.bytesRead;
      open.delete(socket);
    });
  });
  new WebSocketServer({ server }).on('connection', (socket, { url }) => {
    socket.on('error', () => {});
    socket.on('message', (data) => {
      count += 1;
      if (dropEvery > 0 && count % dropEvery === 0) return;
      const message = JSON.parse(String(data)) as { take: number; id: number };
      messages.push({ take: message.take, id: message.id });
      if (url === '/acknowledged') socket.send(String(message.id));
    });
  });
  return {
    server,
    async takeReceived(take) {
      await Promise.all([...open].map((socket) => once(socket, 'close')));
      const ids = Uint32Array.from(messages.filter((one) => one.take === take).map(({ id }) => id));
      const received = { ids, strays: messages.length - ids.length, connections, bytesRead };
      messages = [];
      [connections, bytesRead] = [0, 0];
      return received;
    },
  };
}
