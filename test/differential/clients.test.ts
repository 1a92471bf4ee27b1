/** Clients of Toxiproxy, unchanged, on our program and on the real server; what they ask for is seen on sockets. */
import { describe, expect, it } from 'vitest';
import { findToxiproxyCli, findToxiproxyServer } from '../../harness/bench/rig/toxiproxy-program.ts';
import { Bench, type TestServer } from './bench/bench.ts';
import { type SubjectName, Subjects } from './bench/subject.ts';
import type { Driver } from './clients/driver.ts';
import { goCli } from './clients/go-cli.ts';
import { nodeClient } from './clients/node-client.ts';
import { findPythonClient, pythonClient } from './clients/python-client.ts';

type Found = { readonly path: string } | { readonly reason: string };

const found = (name: string, program: Found): string | undefined => {
  if ('reason' in program) console.log(`skipped: what takes ${name}: ${program.reason}`);
  return 'path' in program ? program.path : undefined;
};

const real = found('the real server', await findToxiproxyServer(console.log));
const cli = found('toxiproxy-cli', await findToxiproxyCli(console.log));
const python = found('toxiproxy-python', await findPythonClient(console.log));

const subjects = new Subjects(real ?? '');
const servers: SubjectName[] = ['ours', 'compatible', ...(real === undefined ? [] : (['real'] as const))];
const clients: { readonly name: string; readonly start: ((url: string) => Driver) | undefined }[] = [
  { name: 'toxiproxy-node-client', start: nodeClient },
  { name: 'toxiproxy-cli', start: cli === undefined ? undefined : (url) => goCli(cli, url) },
  { name: 'toxiproxy-python', start: python === undefined ? undefined : (url) => pythonClient(python, url) },
];

/** Without a toxic, on a busy machine. */
const quickMs = 500;

/** How long an echo through the proxy takes, ms; `Infinity` when the proxy cannot be reached. */
async function echoMs(bench: Bench, port: number): Promise<number> {
  const client = await bench.client(port);
  const from = performance.now();
  client.write('echo');
  return (await client.got(4)) - from;
}

describe.each(clients)('$name', ({ start }) => {
  it.skipIf(!start).each(servers)('drives %s', async (server) => {
    if (!start) return;
    await using program = await subjects.serve(server, []);
    await using bench = new Bench(program.url);
    await using client = start(program.url);
    const upstream = await bench.echo();
    const port = await bench.unusedPort();
    const proxy = proxyTo(upstream, port, 'a');

    await client.create(proxy);
    expect(await echoMs(bench, port)).toBeLessThan(quickMs);
    await expect(client.create(proxy)).rejects.toThrow(client.conflict);

    await client.addToxic('a', { name: 't', type: 'latency', attributes: { latency: 600 } });
    expect(await echoMs(bench, port)).toBeGreaterThanOrEqual(598);
    if (client.updateToxic) {
      await client.updateToxic('a', 't', { latency: 900 });
      expect(await echoMs(bench, port)).toBeGreaterThanOrEqual(898);
    }
    await client.removeToxic('a', 't');
    expect(await echoMs(bench, port)).toBeLessThan(quickMs);

    await client.addToxic('a', { name: 'limit', type: 'limit_data', attributes: { bytes: 2 } });
    await client.enable('a', false);
    expect(await bench.reach(port)).toBe('refused');
    await client.enable('a', true);
    const limited = await bench.client(port);
    limited.write('echo');
    expect([(await limited.ended()).how, limited.text]).toEqual(['FIN', 'ec']);

    await expectPopulateAndReset(client, bench, upstream, port);
    await client.remove('a');
    expect(await bench.reach(port)).toBe('refused');
    expect(await client.list()).not.toContain('a');
  });
});

/** What not every client can do. */
async function expectPopulateAndReset(
  client: Driver,
  bench: Bench,
  upstream: TestServer,
  port: number,
): Promise<void> {
  if (client.populate) {
    const other = await bench.unusedPort();
    await client.populate([proxyTo(upstream, port, 'a'), proxyTo(upstream, other, 'b')]);
    expect(await client.list()).toEqual(expect.arrayContaining(['a', 'b']));
    expect(await echoMs(bench, other)).toBeLessThan(quickMs);
  }
  if (client.reset) {
    await client.enable('a', false);
    await client.reset();
    expect(await echoMs(bench, port)).toBeLessThan(quickMs);
  }
}

function proxyTo(upstream: TestServer, port: number, name: string) {
  return { name, listen: `127.0.0.1:${port}`, upstream: `127.0.0.1:${upstream.port}` };
}
