/** Populating and resetting (checklist 45-54). */
import { json } from '../bench/api.ts';
import type { Bench, ProxyJson } from '../bench/bench.ts';
import { must, quirk } from '../bench/check.ts';

const latency = { type: 'latency', attributes: { latency: 1 } };
const upstream = '127.0.0.1:1';
const entry = (name: string, more: object = {}) => ({ name, listen: '127.0.0.1:0', upstream, ...more });

/** A proxy to a server with a toxic and a client, and the entry that describes it. */
async function populated(bench: Bench) {
  const server = await bench.echo();
  const port = await bench.proxy(server.port, [latency]);
  const { client } = await bench.pair(port, server);
  const same = { name: 'p', listen: `127.0.0.1:${port}`, upstream: `127.0.0.1:${server.port}` };
  return { server, port, client, same };
}

export const populate = [
  must(45, 'new entries are created in order', async (bench) => {
    const answer = await bench.api('POST', '/populate', [
      entry('z'),
      entry('a'),
      entry('off', { enabled: false }),
    ]);
    return {
      answer: bench.said(answer),
      names: json<{ proxies: ProxyJson[] }>(answer)
        .proxies.map(({ name }) => name)
        .join(),
    };
  }),

  must(46, 'an incomplete entry stops everything before it begins', async (bench) => ({
    name: await bench.asks('POST', '/populate', [entry('a'), { upstream }]),
    upstream: await bench.asks('POST', '/populate', [entry('a'), { name: 'b' }]),
    created: await bench.asks('GET', '/proxies'),
  })),

  must(47, 'the same entry leaves the proxy alone', async (bench) => {
    const { client, same } = await populated(bench);
    const answer = await bench.asks('POST', '/populate', [same]);
    client.write('still here');
    await client.got(10);
    return { answer, client: client.text };
  }),

  quirk(48, 'the same entry does not enable or disable', async (bench) => {
    const { client, same } = await populated(bench);
    const disabling = await bench.asks('POST', '/populate', [{ ...same, enabled: false }]);
    client.write('still here');
    await client.got(10);
    await bench.must('POST', '/proxies/p', { enabled: false });
    return {
      disabling,
      client: client.text,
      enabling: await bench.asks('POST', '/populate', [{ ...same, enabled: true }]),
    };
  }),

  must(49, 'an entry with another upstream replaces the proxy', async (bench) => {
    const { client, port, same } = await populated(bench);
    const other = await bench.server();
    const answer = await bench.asks('POST', '/populate', [{ ...same, upstream: `127.0.0.1:${other.port}` }]);
    const ending = await client.ended();
    const again = await bench.pair(port, other);
    again.client.write('hello');
    await again.server.got(5);
    return { answer, client: ending.how, 'new server': again.server.text };
  }),

  must(50, 'the first that cannot listen stops the rest', async (bench) => {
    const { port } = await bench.server();
    return {
      answer: await bench.asks('POST', '/populate', [
        entry('a'),
        entry('b', { listen: `127.0.0.1:${port}` }),
        entry('c'),
      ]),
      a: await bench.asks('GET', '/proxies/a'),
      b: await bench.asks('GET', '/proxies/b'),
      c: await bench.asks('GET', '/proxies/c'),
    };
  }),

  quirk(51, 'nothing to do gives null', async (bench) => ({
    '[]': await bench.asks('POST', '/populate', []),
    null: await bench.asks('POST', '/populate', 'null'),
  })),

  must(52, 'what is no array is refused', async (bench) => ({
    '{}': await bench.asks('POST', '/populate', {}),
    empty: await bench.asks('POST', '/populate', ''),
    garbage: await bench.asks('POST', '/populate', 'garbage'),
    'wrong type': await bench.asks('POST', '/populate', [{ name: 1 }]),
  })),

  must(53, 'a reset starts what is disabled and removes toxics, connections stay', async (bench) => {
    const { client } = await populated(bench);
    const off = await bench.proxy(1, [latency], { name: 'off' });
    await bench.must('POST', '/proxies/off', { enabled: false });
    const answer = await bench.asks('POST', '/reset', 'garbage');
    client.write('still here');
    await client.got(10);
    return {
      answer,
      client: client.text,
      off: await bench.reach(off),
      proxies: await bench.asks('GET', '/proxies'),
    };
  }),

  must(54, 'a reset that cannot start a proxy says so, and leaves that one as it is', async (bench) => {
    const port = await bench.proxy(1, [latency]);
    await bench.must('POST', '/proxies/p', { enabled: false });
    await bench.server(() => {}, port);
    return { answer: await bench.asks('POST', '/reset'), p: await bench.asks('GET', '/proxies/p') };
  }),
];
