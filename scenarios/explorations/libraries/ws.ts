/** ws with a loop that connects again, as applications have it, while anything may happen to the connection. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { burst, count, exploration, honestClaims, type Table } from 'shaketable';
import { WebSocket, WebSocketServer } from 'ws';

const link = 'client→server';
const sends = { kind: 'subject.note', name: 'send' } as const;
const arrived = { kind: 'subject.note', name: 'arrived' } as const;
const held = { kind: 'subject.note', name: 'held' } as const;

/** Messages have a phase of their own. */
const everyMs = 730;
const againAfterMs = 1_000;

export default exploration({
  id: 'explore/libraries/ws',
  title: 'ws and a loop that connects again tell the truth and come back',
  faults: { links: { [link]: 'websocket' } },
  stormMs: 15_000,
  quietMs: 45_000,
  // ws has the clock of its process.
  fastPace: 1,
  async subject(table, storm) {
    const { host, port } = await table.link(link, await startService(table));
    let socket: WebSocket;
    let stopped = false;
    const open = new Set<WebSocket>();
    const connect = (): void => {
      if (stopped) return;
      const made = new WebSocket(`ws://${host}:${port}`, { handshakeTimeout: 5_000 });
      socket = made;
      open.add(made);
      made.on('error', () => {});
      made.on('close', () => {
        open.delete(made);
        setTimeout(connect, againAfterMs);
      });
    };
    table.use({
      async [Symbol.asyncDispose]() {
        stopped = true;
        for (const each of open) each.terminate();
      },
    });
    const send = (id: string): Promise<void> =>
      new Promise((resolve) => {
        const told = (status: string): void => {
          table.note(sends.name, { id, status });
          resolve();
        };
        if (socket.readyState !== WebSocket.OPEN) return told('not open');
        return socket.send(id, (error) => told(error ? 'failed' : 'sent'));
      });
    connect();
    const weather = storm();
    for (let number = 1; weather.rages; number += 1) {
      void send(`storm-${number}`);
      await table.sleep(everyMs);
    }
    await weather.over();
    await table.sleep(35_000);
    for (let number = 1; number <= 3; number += 1)
      await Promise.race([send(`quiet-${number}`), table.sleep(1_000)]);
    table.note(held.name, { sockets: open.size });
    await weather.settled();
  },
  invariants: {
    'honest-claims': honestClaims('what send() calls back without an error has arrived', {
      claims: { ...sends, status: 'sent' },
      received: arrived,
      key: 'id',
      given: sends,
    }),
    'comes-back': count('half a minute after the storm, messages arrive again', {
      of: { ...arrived, id: { matches: '^quiet' } },
      given: held,
      atLeast: 3,
      unit: 'messages',
    }),
    'one-connection': count('it holds one connection at a time', {
      of: { ...held, sockets: { atLeast: 2 } },
      given: held,
      atMost: 0,
      unit: 'times',
    }),
    'no-hammering': burst('it does not connect more than ten times in five seconds', {
      of: { kind: 'connection.open', link },
      withinMs: 5_000,
      atMost: 10,
      unit: 'connections',
    }),
  },
  sometimes: {
    'a second connection': { kind: 'connection.open', link, connection: { atLeast: 2 } },
    'a message that arrives': arrived,
  },
});

/** Notes what arrives. */
async function startService(table: Table): Promise<{ host: string; port: number }> {
  const server = createServer();
  const service = new WebSocketServer({ server });
  service.on('connection', (socket) => {
    socket.on('error', () => {}).on('message', (data) => table.note(arrived.name, { id: String(data) }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  table.serve({
    async [Symbol.asyncDispose]() {
      for (const socket of service.clients) socket.terminate();
      service.close();
      server.close();
      server.closeAllConnections();
    },
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}
