/** A fast writer and a slow reader: the writer has to wait, the proxy's memory stays where it is, and nothing is lost. */
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { residentBytes } from '../../harness/bench/processes/resident-bytes.ts';
import { type ProxyProcess, startProxyProcess } from '../support/proxy-process.ts';
import { mib, trendOf } from './resources.ts';

const mebibyte = 1024 * 1024;
const block = Buffer.alloc(mebibyte, 'x');
/** More than all buffers on the way; a writer that gets rid of it has met no back-pressure. */
const lots = 512 * mebibyte;
/** 1,024 chunks of 64 KiB may queue before a latency, as with Toxiproxy. */
const mostGrowth = 128 * mebibyte;
/** How long a writer waits until it counts as stuck. */
const stuckMs = 700;
const slowReadMs = 3_000;

let proxy: ProxyProcess;
beforeAll(async () => {
  proxy = await startProxyProcess();
});
afterAll(() => proxy[Symbol.asyncDispose]());

const toxics = {
  'no toxic': [],
  latency: [{ type: 'latency', attributes: { latency: 50 } }],
  bandwidth: [{ type: 'bandwidth', attributes: { rate: 20_000 } }],
  slicer: [{ type: 'slicer', attributes: { average_size: 4_000, size_variation: 1_000, delay: 10 } }],
  'all of them': [
    { type: 'bandwidth', attributes: { rate: 50_000 } },
    { type: 'slicer', attributes: { average_size: 8_000 } },
    { type: 'latency', attributes: { latency: 5 } },
  ],
} as const;

interface Pair extends Disposable {
  readonly client: net.Socket;
  readonly server: net.Socket;
}

/** A connection through a proxy with these toxics in both directions. */
async function connect(name: string, chain: readonly object[]): Promise<Pair> {
  const listener = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port: upstream } = listener.address() as net.AddressInfo;
  const both = chain.map((toxic) => ({ ...toxic, stream: 'both' }));
  const definition = { name, listen: '127.0.0.1:0', upstream: `127.0.0.1:${upstream}`, toxics: both };
  const answer = await fetch(`${proxy.url}/proxies`, { method: 'POST', body: JSON.stringify(definition) });
  const { listen } = (await answer.json()) as { listen: string };
  const accepted = once(listener, 'connection');
  const client = net.connect(Number(listen.split(':').at(-1)), '127.0.0.1');
  const [server] = (await accepted) as [net.Socket];
  client.pause();
  return {
    client,
    server,
    [Symbol.dispose]() {
      client.destroy();
      server.destroy();
      listener.close();
    },
  };
}

/** Writes until nothing more is taken; gives back how many bytes were. */
async function writeUntilStuck(writer: net.Socket): Promise<number> {
  let written = 0;
  while (written < lots) {
    written += block.length;
    if (writer.write(block)) continue;
    const drained = once(writer, 'drain').then(() => true);
    if (!(await Promise.race([drained, wait(stuckMs, false)]))) return written;
  }
  return written;
}

const cases = Object.keys(toxics).flatMap((name) => [
  { name, direction: 'upstream' as const },
  { name, direction: 'downstream' as const },
]);

it.each(cases)('makes the writer wait $direction with $name, and loses nothing', async ({
  name,
  direction,
}) => {
  using pair = await connect(`stuck ${name} ${direction}`, toxics[name as keyof typeof toxics]);
  const [writer, reader] = direction === 'upstream' ? [pair.client, pair.server] : [pair.server, pair.client];
  const before = residentBytes(proxy.pid);

  const written = await writeUntilStuck(writer);
  const growth = residentBytes(proxy.pid) - before;
  let received = 0;
  reader.on('data', (bytes: Buffer) => {
    received += bytes.length;
  });
  reader.resume();

  expect(written).toBeLessThan(lots);
  expect(growth, mib(growth)).toBeLessThan(mostGrowth);
  await expect.poll(() => received, { timeout: 30_000 }).toBe(written);
});

it.each(cases)('keeps memory flat $direction with $name, under a reader that is slow', async ({
  name,
  direction,
}) => {
  using pair = await connect(`slow ${name} ${direction}`, toxics[name as keyof typeof toxics]);
  const [writer, reader] = direction === 'upstream' ? [pair.client, pair.server] : [pair.server, pair.client];
  const write = (): void => {
    while (writer.write(block));
  };
  writer.on('drain', write).on('error', () => {});
  write();
  let received = 0;
  const readings: number[] = [];
  const started = performance.now();
  while (performance.now() - started < slowReadMs) {
    received += (reader.read() as Buffer | null)?.length ?? 0;
    readings.push(residentBytes(proxy.pid));
    await wait(20);
  }

  expect(received).toBeGreaterThan(mebibyte);
  const trend = trendOf(readings);
  expect(trend.flat, `${mib(trend.secondQuarterMedian)} to ${mib(trend.lastQuarterMedian)}`).toBe(true);
});
