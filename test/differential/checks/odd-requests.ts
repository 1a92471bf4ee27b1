/** Requests that are odd, and what the real server makes of them, beside the checklist (201-218). */
import { once } from 'node:events';
import net from 'node:net';
import { json } from '../bench/api.ts';
import { type Bench, type ProxyJson, portOf, type ToxicBody } from '../bench/bench.ts';
import { must, quirk } from '../bench/check.ts';
import type { Fact } from '../bench/facts.ts';

const upstream = '127.0.0.1:1';
const toxicsPath = '/proxies/p/toxics';

/** Sends bytes to the API as they are, and gives the status of what it answers. */
async function statusOf(bench: Bench, bytes: string): Promise<string> {
  const { hostname, port } = new URL(bench.url);
  const socket = net.connect(Number(port), hostname);
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part)).on('error', () => {});
  socket.write(bytes);
  await once(socket, 'close');
  return /^HTTP\/1\.[01] (\d+)/.exec(Buffer.concat(parts).toString('latin1'))?.[1] ?? 'no answer';
}

/** The `listen` of an answer. */
async function listenAfter(bench: Bench, listen: string): Promise<string> {
  const answer = await bench.api('PATCH', '/proxies/p', { listen });
  return answer.status === 200 ? json<ProxyJson>(answer).listen : bench.said(answer).shown;
}

export const oddRequests = [
  must(201, 'integers of 64 bits are given back exactly', async (bench) => {
    await bench.proxy(1);
    const toxic = (latency: string): string => `{"type":"latency","attributes":{"latency":${latency}}}`;
    return {
      largest: await bench.asks('POST', toxicsPath, toxic('9223372036854775807')),
      least: await bench.asks('PATCH', `${toxicsPath}/latency_downstream`, toxic('-9223372036854775808')),
      'beyond 2⁵³': await bench.asks('PATCH', `${toxicsPath}/latency_downstream`, toxic('9007199254740993')),
      'other changed': await bench.asks('PATCH', `${toxicsPath}/latency_downstream`, {
        attributes: { jitter: 1 },
      }),
      listed: await bench.asks('GET', '/proxies'),
    };
  }),

  quirk(202, 'names are escaped as Go escapes them', async (bench) => {
    const create = (name: string): string => `{"name":${name},"upstream":"${upstream}","enabled":false}`;
    return {
      markup: await bench.asks('POST', '/proxies', create('"<a&b>"')),
      'line separators': await bench.asks('POST', '/proxies', create('"\\u2028\\u2029"')),
      'lone surrogate': await bench.asks('POST', '/proxies', create('"\\ud800"')),
      quotes: await bench.asks('POST', '/proxies', create('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f"')),
      list: await bench.asks('GET', '/proxies'),
    };
  }),

  must(203, 'fields of a wrong type are refused', async (bench) => {
    const base = { name: 'p', upstream, listen: '127.0.0.1:0' };
    return {
      name: await bench.asks('POST', '/proxies', { ...base, name: 1 }),
      listen: await bench.asks('POST', '/proxies', { ...base, listen: 1 }),
      upstream: await bench.asks('POST', '/proxies', { ...base, upstream: true }),
      enabled: await bench.asks('POST', '/proxies', { ...base, enabled: 'yes' }),
      'in populate': await bench.asks('POST', '/populate', [{ ...base, enabled: 1 }]),
      created: await bench.asks('GET', '/proxies'),
    };
  }),

  must(204, 'ports may be names of services, and stay so until it listens', async (bench) => {
    await bench.must('POST', '/proxies', { name: 'p', upstream, enabled: false });
    return {
      'localhost:http': await listenAfter(bench, 'localhost:http'),
      'localhost:MYSQL': await listenAfter(bench, 'localhost:MYSQL'),
      'localhost:www': await listenAfter(bench, 'localhost:www'),
      'localhost:none': await listenAfter(bench, 'localhost:no-such-service'),
      '[::1]:5': await listenAfter(bench, '[::1]:5'),
      'localhost:': await listenAfter(bench, 'localhost:'),
    };
  }),

  must(205, 'the order in which a toxic is checked', async (bench) => {
    await bench.proxy(1, [{ name: 't', type: 'noop' }]);
    const wrong = { name: 't', type: 'nope', stream: 'down', attributes: { latency: 'x' } };
    return {
      toxicity: await bench.asks('POST', toxicsPath, { ...wrong, toxicity: 'x' }),
      stream: await bench.asks('POST', toxicsPath, wrong),
      type: await bench.asks('POST', toxicsPath, { ...wrong, stream: 'upstream' }),
      name: await bench.asks('POST', toxicsPath, { ...wrong, stream: 'upstream', type: 'latency' }),
      attributes: await bench.asks('POST', toxicsPath, { type: 'latency', attributes: { latency: 'x' } }),
      'type of name': await bench.asks('POST', toxicsPath, { type: 'noop', name: 1 }),
    };
  }),

  must(206, 'versions of HTTP, and what is none', async (bench) => ({
    'HTTP/1.0': await statusOf(bench, 'GET /version HTTP/1.0\r\n\r\n'),
    'without Host': await statusOf(bench, 'GET /version HTTP/1.1\r\n\r\n'),
    'other Host': await statusOf(
      bench,
      'GET /version HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n',
    ),
    garbage: await statusOf(bench, 'hello\r\n\r\n'),
  })),

  must(207, 'the type of the body does not matter, nor does the query', async (bench) => {
    const body = JSON.stringify({ name: 'p', upstream, listen: '127.0.0.1:0' });
    return {
      form: bench.said(
        await bench.api('POST', '/proxies?name=q', body, {
          'Content-Type': 'application/x-www-form-urlencoded',
        }),
      ),
      query: await bench.asks('GET', '/proxies/p?x=1'),
    };
  }),

  quirk(208, 'a name twice in populate', async (bench) => {
    const entry = { name: 'p', listen: '127.0.0.1:0', upstream };
    return { answer: await bench.asks('POST', '/populate', [entry, { ...entry, upstream: '127.0.0.1:2' }]) };
  }),

  quirk(209, 'populate that fails at a replacement leaves the old proxy stopped', async (bench) => {
    const taken = await bench.server();
    await bench.proxy(1, [{ type: 'noop' }]);
    const answer = await bench.asks('POST', '/populate', [
      { name: 'p', listen: `127.0.0.1:${taken.port}`, upstream },
    ]);
    const unresolvable = await bench.asks('POST', '/populate', [{ name: 'p', listen: 'bad', upstream }]);
    return { answer, unresolvable, p: await bench.asks('GET', '/proxies/p') };
  }),

  must(210, 'an empty address in a change means everywhere', async (bench) => {
    await bench.proxy(1);
    const answer = await bench.api('PATCH', '/proxies/p', { listen: '' });
    const port = portOf(json<ProxyJson>(answer).listen);
    return { answer: bench.said(answer), reach: await bench.reach(port) };
  }),

  must(211, 'toxics are managed while a proxy is disabled', async (bench) => {
    await bench.proxy(1);
    await bench.must('POST', '/proxies/p', { enabled: false });
    return {
      create: await bench.asks('POST', toxicsPath, { type: 'noop' }),
      change: await bench.asks('PATCH', `${toxicsPath}/noop_downstream`, { toxicity: 0.5 }),
      list: await bench.asks('GET', '/proxies/p'),
      remove: await bench.asks('DELETE', `${toxicsPath}/noop_downstream`),
    };
  }),

  quirk(212, 'toxics given together with a proxy', async (bench) => {
    const proxy = (name: string) => ({ name, upstream, listen: '127.0.0.1:0', toxics: [{ type: 'noop' }] });
    const toxics = async (name: string): Promise<string> =>
      (await bench.shows(name)).toxics.map(({ type }) => type).join() || 'none';
    await bench.must('POST', '/proxies', proxy('created'));
    await bench.must('POST', '/populate', [proxy('populated')]);
    await bench.must('POST', '/proxies', { ...proxy('null'), toxics: null });
    return {
      created: await toxics('created'),
      populated: await toxics('populated'),
      null: await toxics('null'),
    };
  }),

  quirk(213, 'streams and types of ours', async (bench) => {
    await bench.proxy(1);
    const status = async (toxic: ToxicBody): Promise<number> =>
      (await bench.api('POST', toxicsPath, toxic)).status;
    return {
      'stream both': await status({ type: 'noop', stream: 'both' }),
      blackhole: await status({ type: 'blackhole' }),
    };
  }),

  quirk(215, 'addresses that are odd', async (bench) => {
    const facts: Record<string, Fact> = {};
    for (const listen of [
      '[::1]',
      '[::1',
      '[::1]5',
      '[::1]:5:6',
      '::1:5',
      'a]b:0',
      '[a[b]:0',
      '[]:0',
      '[localhost]:0',
      '[::ffff:127.0.0.1]:0',
      '127.1:0',
      '0:0',
      '0x7f.0.0.1:0',
      '127.0.0.1:+0',
      '127.0.0.1:0x10',
    ]) {
      facts[listen] = await bench.asks('POST', '/proxies', { name: `on ${listen}`, listen, upstream });
    }
    return facts;
  }),

  quirk(216, 'JSON that ends too early', async (bench) => {
    const facts: Record<string, Fact> = {};
    for (const body of ['tru', 'nul', '-', '1.', '1e', '"abc', '"a\\', '[1,', '{"a":', '{"a"', ' ']) {
      facts[body] = await bench.asks('POST', '/proxies', body);
    }
    return facts;
  }),

  quirk(217, 'paths that are odd', async (bench) => {
    await bench.proxy(1);
    const facts: Record<string, Fact> = {};
    for (const path of [
      '/proxies/p%zz',
      '/proxies/p%0',
      '/proxies/p?%',
      '/%70roxies/p',
      '/proxies/p%00',
      '/',
    ]) {
      facts[path] = await bench.asks('GET', path);
    }
    return facts;
  }),

  quirk(218, 'attributes that are odd', async (bench) => {
    await bench.proxy(1);
    const facts: Record<string, Fact> = {};
    for (const attributes of [
      '{"latency":1,"LATENCY":2}',
      '{"latency":null}',
      '{"latency":-0}',
      '{"jitter":4611686018427387903}',
      '{"latency":{"x":[1]}}',
      '{"other":{"x":[1]}}',
      '5',
      '"x"',
    ]) {
      const toxic = `{"type":"latency","name":${JSON.stringify(attributes)},"attributes":${attributes}}`;
      facts[attributes] = await bench.asks('POST', toxicsPath, toxic);
    }
    return facts;
  }),

  must(214, 'values out of range are taken as they are', async (bench) => {
    await bench.proxy(1);
    return {
      'latency -5': await bench.asks('POST', toxicsPath, {
        type: 'latency',
        attributes: { latency: -5, jitter: -5 },
      }),
      'slow_close -5': await bench.asks('POST', toxicsPath, {
        type: 'slow_close',
        attributes: { delay: -5 },
      }),
      'timeout -5': await bench.asks('POST', toxicsPath, { type: 'timeout', attributes: { timeout: -5 } }),
      'limit_data -5': await bench.asks('POST', toxicsPath, {
        type: 'limit_data',
        attributes: { bytes: -5 },
      }),
      'reset_peer -5': await bench.asks('POST', toxicsPath, {
        type: 'reset_peer',
        attributes: { timeout: -5 },
      }),
    };
  }),
];
