/** Five thousand connections at once, each in use, in a proxy that is a process of its own. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { residentBytes } from '../../harness/bench/processes/resident-bytes.ts';
import { startProxyProcess } from '../support/proxy-process.ts';
import { mib, openFiles } from './resources.ts';

const connectionCount = 5_000;
/** Opened at the same time, so that the queue of the listening sockets does not overflow. */
const opening = 100;
const message = Buffer.alloc(100, 'x');
/** Two for each connection here, client and server, and two in the proxy; and what a process has besides. */
const openFileLimit = 2 * connectionCount + 200;
/** A socket pair, its buffers and its part of the heap; Toxiproxy takes about 50 KiB. */
const mostBytesEach = 64 * 1024;

function assertEnoughFiles(): void {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const allowed = Number(/^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1] ?? 0);
  if (allowed < openFileLimit)
    throw new Error(
      `${openFileLimit} open files are needed, ${allowed} are allowed: raise it with \`ulimit -Hn\``,
    );
}

async function startEcho(): Promise<number> {
  const server = net.createServer({ noDelay: true }, (socket) => socket.on('error', () => {}).pipe(socket));
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as net.AddressInfo).port;
}

async function open(port: number): Promise<net.Socket> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

async function echo(socket: net.Socket): Promise<void> {
  let missing = message.length;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const count = (bytes: Buffer): void => {
    missing -= bytes.length;
    if (missing === 0) resolve();
  };
  socket.on('data', count).once('error', reject);
  socket.write(message);
  await promise;
  socket.off('data', count).off('error', reject);
}

async function close(socket: net.Socket): Promise<void> {
  const closed = once(socket, 'close');
  socket.end();
  await closed;
}

/** Does `work` so many times, some at once. */
async function times<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      done.push(await work(begun - 1));
    }
  };
  await Promise.all(Array.from({ length: opening }, worker));
  return done;
}

async function countOpen(url: string): Promise<number> {
  const listed = (await (await fetch(`${url}/connections`)).json()) as { state: string }[];
  return listed.filter(({ state }) => state !== 'closed').length;
}

it(`carries ${connectionCount} connections at once, and closes them all`, async () => {
  assertEnoughFiles();
  const upstream = await startEcho();
  await using proxy = await startProxyProcess();
  const body = JSON.stringify({ name: 'p', listen: '127.0.0.1:0', upstream: `127.0.0.1:${upstream}` });
  const created = await fetch(`${proxy.url}/proxies`, { method: 'POST', body });
  const { listen } = (await created.json()) as { listen: string };
  const port = Number(listen.split(':').at(-1));
  const [filesBefore, bytesBefore] = [openFiles(proxy.pid), residentBytes(proxy.pid)];
  const started = performance.now();

  const sockets = await times(connectionCount, () => open(port));
  await Promise.all(sockets.map(echo));
  const [inUse, bytes] = [await countOpen(proxy.url), residentBytes(proxy.pid) - bytesBefore];
  await Promise.all(sockets.map(echo));
  await times(connectionCount, (index) => close(sockets[index] ?? expect.unreachable()));

  expect(inUse).toBe(connectionCount);
  await expect.poll(() => countOpen(proxy.url), { timeout: 10_000 }).toBe(0);
  await expect.poll(() => openFiles(proxy.pid), { timeout: 10_000 }).toBeLessThanOrEqual(filesBefore + 2);
  expect(bytes / connectionCount).toBeLessThan(mostBytesEach);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${connectionCount} connections: ${mib(bytes)} more resident, ${seconds} s in all`);
});
