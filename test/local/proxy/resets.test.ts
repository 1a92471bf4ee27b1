/** Resets of sockets in every state that a socket may be in: each closes, and its handle with it. */
import { once } from 'node:events';
import net from 'node:net';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { resetStream } from '../../../proxy/core/sockets.ts';

async function connected(): Promise<net.Socket> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => socket.on('error', () => {}).pause());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  onTestFinished(() => void server.close());
  return socket;
}

const moments = {
  'at once': async () => {},
  'in the next tick': () => new Promise<void>((resolve) => process.nextTick(resolve)),
  'in the next turn': () => immediate(),
  later: () => sleep(20),
};
const before: Readonly<Record<string, (socket: net.Socket) => void>> = {
  'that is idle': () => {},
  'that has written': (socket) => void socket.write('x'),
  'whose FIN leaves': (socket) => void socket.end(),
  'whose last bytes and FIN leave': (socket) => void socket.end(Buffer.alloc(100_000)),
  'whose bytes find no room': (socket) => void socket.pause().end(Buffer.alloc(20_000_000)),
};

it.each(
  Object.entries(before).flatMap(([state, prepare]) =>
    Object.entries(moments).map(([moment, wait]) => ({ state, prepare, moment, wait })),
  ),
)('closes a socket $state, reset $moment', async ({ prepare, wait }) => {
  const socket = await connected();
  const errors: unknown[] = [];
  socket.on('error', (error) => errors.push(error));
  const { _handle: handle } = socket as unknown as { _handle: { readonly fd: number } };
  prepare(socket);
  await wait();

  const closed = once(socket, 'close');
  resetStream(socket);
  resetStream(socket);
  await closed;

  expect(errors).toEqual([]);
  // The file descriptor of a handle that is closed.
  await expect.poll(() => handle.fd).toBeLessThan(0);
});
