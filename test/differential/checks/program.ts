/** The server as a program: metrics, configuration, signals, flags (checklist 114-118). */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from '../bench/api.ts';
import type { Bench } from '../bench/bench.ts';
import { must, quirk } from '../bench/check.ts';
import { pause } from '../bench/peer.ts';

/** A file that is there as long as the bench. */
async function file(bench: Bench, content: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'shaketable-differential-'));
  bench.defer(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'config.json'), content);
  return join(directory, 'config.json');
}

/** The counters of bytes, sorted. */
async function counters(bench: Bench): Promise<string> {
  const { text } = await bench.must('GET', '/metrics');
  return bench
    .named(text)
    .split('\n')
    .filter((line) => /^toxiproxy_proxy_(received|sent)_bytes_total/.test(line))
    .sort()
    .join(' ');
}

/** The counters once there are as many. */
async function countersOf(bench: Bench, count: number): Promise<string> {
  for (let look = 0; look < 100; look += 1) {
    const lines = await counters(bench);
    if (lines.split('} ').length > count) return lines;
    await pause(20);
  }
  return counters(bench);
}

export const program = [
  must(114, 'a connection that is over is counted', async (outer) => {
    const { bench } = await outer.program('-proxy-metrics');
    const server = await bench.server();
    const pair = await bench.pair(await bench.proxy(server.port), server);
    pair.client.write('12345');
    await pair.server.got(5);
    pair.server.write('123');
    await pair.client.got(3);
    pair.server.end();
    await pair.client.ended();
    pair.client.end();
    return { counters: await countersOf(bench, 4) };
  }),

  quirk(115, 'a connection that is open is not counted', async (outer) => {
    const { bench } = await outer.program('-proxy-metrics');
    const server = await bench.server();
    const { client, server: peer } = await bench.pair(await bench.proxy(server.port), server);
    client.write('12345');
    await peer.got(5);
    return { counters: (await counters(bench)) || 'none' };
  }),

  must(116, 'the proxies of the configuration are there before the API answers', async (outer) => {
    const entry = (name: string) => ({ name, listen: '127.0.0.1:0', upstream: '127.0.0.1:1' });
    const { bench } = await outer.program(
      '-config',
      await file(outer, JSON.stringify([entry('a'), entry('b')])),
    );
    return { proxies: await bench.asks('GET', '/proxies') };
  }),

  must(117, 'a configuration that cannot be used does not keep it from starting', async (outer) => {
    const upstream = '127.0.0.1:1';
    const taken = await outer.server();
    const entries = [
      { name: 'a', listen: '127.0.0.1:0', upstream },
      { name: 'b', listen: `127.0.0.1:${taken.port}`, upstream },
      { name: 'c', listen: '127.0.0.1:0', upstream },
    ];
    const missing = await outer.program('-config', '/nowhere/config.json');
    const broken = await outer.program('-config', await file(outer, '[{'));
    const partly = await outer.program('-config', await file(outer, JSON.stringify(entries)));
    return {
      'missing file': await missing.bench.asks('GET', '/proxies'),
      'broken JSON': await broken.bench.asks('GET', '/proxies'),
      'port taken': Object.keys(json<object>(await partly.bench.api('GET', '/proxies'))).join(),
    };
  }),

  must(118, 'SIGTERM and SIGINT end it with 0, and clients see the end', async (outer) => {
    const by = async (signal: NodeJS.Signals): Promise<string> => {
      const { bench, program } = await outer.program();
      const server = await bench.server();
      const { client } = await bench.pair(await bench.proxy(server.port), server);
      program.child.kill(signal);
      return `${(await client.ended(10_000)).how}, exit ${await program.exited}`;
    };
    return { SIGTERM: await by('SIGTERM'), SIGINT: await by('SIGINT') };
  }),

  must(241, 'flags that are wrong, and flags that end it', async (bench) => {
    const exit = async (...flags: string[]): Promise<string> => {
      const program = bench.run(...flags);
      return `exit ${await program.exited}`;
    };
    const positional = await bench.program('word');
    return {
      'unknown flag': await exit('-nope'),
      'wrong value': await exit('-seed', 'x'),
      '-version': await exit('-version'),
      '-help': await exit('-help'),
      '--version': await exit('--version'),
      'one more word': await positional.bench.asks('GET', '/proxies'),
    };
  }),

  quirk(242, 'the API’s port is taken', async (bench) => {
    const { port } = await bench.server();
    const program = bench.run('-host', '127.0.0.1', '-port', String(port));
    const ended = await Promise.race([program.exited, pause(6_000).then(() => 'runs on')]);
    return { program: ended };
  }),

  must(243, 'signals that do not end it in good order', async (outer) => {
    const hangUp = await outer.program();
    hangUp.program.child.kill('SIGHUP');
    const user = await outer.program();
    user.program.child.kill('SIGUSR1');
    await pause(100);
    return { SIGHUP: await hangUp.program.exited, SIGUSR1: await user.bench.asks('GET', '/proxies') };
  }),
];
