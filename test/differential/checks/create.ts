/** Creating a proxy (checklist 12-30). */
import { json } from '../bench/api.ts';
import { type Bench, type ProxyJson, portOf } from '../bench/bench.ts';
import { must, quirk } from '../bench/check.ts';
import type { Fact } from '../bench/facts.ts';

const upstream = '127.0.0.1:1';

/** Creates proxies from a list of bodies, each under its own name. */
async function eachBody(
  bench: Bench,
  bodies: Readonly<Record<string, unknown>>,
): Promise<Record<string, Fact>> {
  const facts: Record<string, Fact> = {};
  for (const [name, body] of Object.entries(bodies)) facts[name] = await bench.asks('POST', '/proxies', body);
  return facts;
}

/** The address that a proxy reports once it listens on `listen`. */
const listening = (listen: string) => ({ name: `on ${listen}`, listen, upstream });

export const create = [
  must(12, 'a proxy listens when the answer comes', async (bench) => {
    const { port } = await bench.echo();
    const answer = await bench.api('POST', '/proxies', {
      name: 'p',
      listen: '127.0.0.1:0',
      upstream: `127.0.0.1:${port}`,
    });
    return {
      answer: bench.said(answer),
      reach: await bench.reach(portOf(json<ProxyJson>(answer).listen)),
    };
  }),

  quirk(13, 'a proxy has an empty Logger', async (bench) => {
    const created = await bench.api('POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream });
    return {
      created: Object.keys(json<object>(created)).join(),
      logger: JSON.stringify(json<{ Logger: unknown }>(created).Logger),
      shown: Object.keys(json<object>(await bench.api('GET', '/proxies/p'))).join(),
    };
  }),

  must(14, 'a body that is no JSON is refused', (bench) =>
    eachBody(bench, { empty: '', '{': '{', garbage: 'garbage', '[]': '[]', '"s"': '"s"', BOM: '\uFEFF{}' }),
  ),

  must(15, 'a name is required', (bench) =>
    eachBody(bench, { '{}': {}, null: 'null', 'empty name': { name: '', upstream } }),
  ),

  must(16, 'an upstream is required', (bench) =>
    eachBody(bench, { 'name only': { name: 'p' }, 'empty upstream': { name: 'p', upstream: '' } }),
  ),

  must(17, 'a name is taken once, whatever its port', async (bench) => {
    const port = await bench.proxy(1);
    return eachBody(bench, {
      again: { name: 'p', listen: '127.0.0.1:0', upstream },
      'port taken too': { name: 'p', listen: `127.0.0.1:${port}`, upstream },
    });
  }),

  must(18, 'a taken port is an error, and the proxy is not kept', async (bench) => {
    const { port } = await bench.server();
    return {
      answer: await bench.asks('POST', '/proxies', { name: 'p', listen: `127.0.0.1:${port}`, upstream }),
      'by name': await bench.asks('POST', '/proxies', { name: 'p', listen: `localhost:${port}`, upstream }),
      afterwards: await bench.asks('GET', '/proxies/p'),
    };
  }),

  must(19, 'localhost is resolved to IPv4', (bench) =>
    eachBody(bench, { 'localhost:0': listening('localhost:0') }),
  ),

  must(20, 'a disabled proxy keeps its address as given and refuses', async (bench) => {
    const port = await bench.unusedPort();
    const body = { name: 'p', listen: `localhost:${port}`, upstream, enabled: false };
    return {
      answer: await bench.asks('POST', '/proxies', body),
      nonsense: await bench.asks('POST', '/proxies', { ...body, name: 'q', listen: 'no address' }),
      reach: await bench.reach(port),
    };
  }),

  quirk(21, 'without an address it listens everywhere', async (bench) => {
    const answer = await bench.api('POST', '/proxies', { name: 'p', upstream });
    const port = portOf(json<ProxyJson>(answer).listen);
    return {
      ...(await eachBody(bench, { '""': listening(''), ':0': listening(':0') })),
      none: bench.said(answer),
      'by IPv4': await bench.reach(port),
      'by IPv6': await bench.reach(port, '::1'),
    };
  }),

  quirk(22, '0.0.0.0 is everywhere, IPv6 too', async (bench) => {
    const answer = await bench.api('POST', '/proxies', listening('0.0.0.0:0'));
    const port = portOf(json<ProxyJson>(answer).listen);
    return {
      '0.0.0.0:0': bench.said(answer),
      '[::]:0': await bench.asks('POST', '/proxies', listening('[::]:0')),
      'by IPv4': await bench.reach(port),
      'by IPv6': await bench.reach(port, '::1'),
    };
  }),

  must(23, 'enabled null is enabled', (bench) =>
    eachBody(bench, { null: { name: 'p', listen: '127.0.0.1:0', upstream, enabled: null } }),
  ),

  must(24, 'keys may be in any case, unknown ones are ignored', (bench) =>
    eachBody(bench, {
      'other case': { NAME: 'p', Listen: '127.0.0.1:0', uPsTrEaM: upstream, ENABLED: false },
      unknown: { name: 'q', listen: '127.0.0.1:0', upstream, colour: 'red' },
      'logger text': { name: 'r', upstream, logger: 'x' },
      'logger object': { name: 's', listen: '127.0.0.1:0', upstream, LOGGER: { a: 1 } },
    }),
  ),

  quirk(25, 'what follows the first JSON value is ignored', (bench) =>
    eachBody(bench, { followed: `{"name":"p","listen":"127.0.0.1:0","upstream":"${upstream}"} and more }` }),
  ),

  quirk(26, 'the last of equal keys wins', (bench) =>
    eachBody(bench, {
      twice: `{"name":"a","name":"b","listen":"127.0.0.1:0","upstream":"${upstream}","enabled":false,"ENABLED":true}`,
    }),
  ),

  must(27, 'an address that cannot be listened on is named', (bench) =>
    eachBody(
      bench,
      Object.fromEntries(
        [
          '127.0.0.1',
          '127.0.0.1:99999',
          ':99999',
          '127.0.0.1:-1',
          '1:2:3',
          '127.0.0.1:abc',
          '8.8.8.8:0',
          'no.such.host.invalid:1',
        ].map((listen) => [listen, listening(listen)]),
      ),
    ),
  ),

  must(28, 'an upstream is not looked at', (bench) =>
    eachBody(bench, { nonsense: { name: 'p', listen: '127.0.0.1:0', upstream: '?!' } }),
  ),

  must(29, 'a name with a space and other letters is found percent-encoded', async (bench) => {
    await bench.must('POST', '/proxies', { name: 'a ü?', listen: '127.0.0.1:0', upstream });
    return {
      'GET a%20%C3%BC%3F': await bench.asks('GET', '/proxies/a%20%C3%BC%3F'),
      'GET a+%C3%BC%3F': await bench.asks('GET', '/proxies/a+%C3%BC%3F'),
      DELETE: await bench.asks('DELETE', '/proxies/a%20%C3%BC%3F'),
    };
  }),

  quirk(30, 'a name with a slash can be created and not found', async (bench) => ({
    ...(await eachBody(bench, { created: { name: 'a/b', listen: '127.0.0.1:0', upstream } })),
    'GET a/b': await bench.asks('GET', '/proxies/a/b'),
    'GET a%2Fb': await bench.asks('GET', '/proxies/a%2Fb'),
    '. created': await bench.asks('POST', '/proxies', { name: '..', listen: '127.0.0.1:0', upstream }),
    'GET ..': await bench.asks('GET', '/proxies/..'),
  })),
];
