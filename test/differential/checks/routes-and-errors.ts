/** The API as such: routes, headers, errors (checklist 1-11). */
import { json } from '../bench/api.ts';
import { must, quirk } from '../bench/check.ts';
import type { Fact } from '../bench/facts.ts';

export const routesAndErrors = [
  must(1, 'the version is JSON with a newline', async (bench) => {
    const answer = await bench.api('GET', '/version');

    return {
      answer: bench.said(answer),
      newline: answer.text.endsWith('\n'),
      keys: Object.keys(json<object>(answer)).join(),
    };
  }),

  must(2, 'a fresh server has no proxies', async (bench) => ({
    answer: await bench.asks('GET', '/proxies'),
  })),

  must(3, 'answers of routes carry a request id, fresh each time', async (bench) => {
    const id = async (method: string, path: string, headers = {}): Promise<string> =>
      String((await bench.api(method, path, undefined, headers)).headers['x-toxiproxy-request-id']);
    const ids = [
      await id('GET', '/version'),
      await id('GET', '/proxies'),
      await id('GET', '/proxies/none'),
      await id('GET', '/version', { 'X-Toxiproxy-Request-Id': 'aaaaaaaaaaaaaaaaaaaa' }),
    ];

    return {
      wellFormed: ids.every((value) => /^[0-9a-v]{20}$/.test(value)),
      different: new Set(ids).size === ids.length,
      ownIgnored: !ids.includes('aaaaaaaaaaaaaaaaaaaa'),
      withoutRoute: await id('GET', '/nope'),
      wrongMethod: await id('PUT', '/proxies'),
      redirected: await id('GET', '//version'),
      refusedBrowser: /^[0-9a-v]{20}$/.test(await id('GET', '/proxies', { 'User-Agent': 'Mozilla/5.0' })),
    };
  }),

  must(4, 'an unknown path is 404', async (bench) => ({ answer: await bench.asks('GET', '/nope') })),

  must(5, 'a known path with another method is 405 without a body', async (bench) => {
    const facts: Record<string, Fact> = {};
    for (const [method, path] of [
      ['PUT', '/proxies'],
      ['DELETE', '/proxies'],
      ['GET', '/reset'],
      ['GET', '/populate'],
      ['POST', '/version'],
      ['HEAD', '/proxies'],
      ['OPTIONS', '/proxies'],
    ] as const) {
      const answer = await bench.api(method, path);
      facts[`${method} ${path}`] = {
        shown: `${answer.status} ${answer.text}`.trim(),
        exact: JSON.stringify([
          answer.status,
          answer.text,
          answer.headers.allow,
          answer.headers['content-type'],
        ]),
        timed: false,
      };
    }
    return facts;
  }),

  must(6, 'a slash at the end is 404', async (bench) => ({
    '/proxies/': await bench.asks('GET', '/proxies/'),
    '/version/': await bench.asks('GET', '/version/'),
    '/Version': await bench.asks('GET', '/Version'),
  })),

  quirk(7, 'an unclean path is sent to its clean form', async (bench) => {
    const location = async (path: string): Promise<string> => {
      const { status, headers, text } = await bench.api('GET', path);
      return `${status} ${headers.location} ${JSON.stringify(text)}`;
    };
    return {
      '//version': await location('//version'),
      '/a/../version': await location('/a/../version'),
      '/a/%2E%2E/version': await location('/a/%2E%2E/version'),
    };
  }),

  must(8, 'browsers are refused, others are not', async (bench) => {
    const as = async (agent?: string): Promise<Fact> =>
      bench.said(
        await bench.api('GET', '/proxies', undefined, agent === undefined ? {} : { 'User-Agent': agent }),
      );
    return {
      'Mozilla/5.0 …': await as('Mozilla/5.0 (X11; Linux x86_64)'),
      'Wget/2.1': await as('Wget/2.1'),
      none: await as(),
      'mozilla/5': await as('mozilla/5'),
    };
  }),

  quirk(9, 'routing comes before the refusal of browsers', async (bench) => {
    const browser = { 'User-Agent': 'Mozilla/5.0' };
    const created = { name: 'p', upstream: '127.0.0.1:1', listen: '127.0.0.1:0' };
    return {
      'GET /nope': bench.said(await bench.api('GET', '/nope', undefined, browser)),
      'PUT /proxies': bench.said(await bench.api('PUT', '/proxies', undefined, browser)),
      'POST /proxies': bench.said(await bench.api('POST', '/proxies', created, browser)),
      noEffect: await bench.asks('GET', '/proxies'),
    };
  }),

  must(10, 'errors are JSON in plain text with a newline', async (bench) => {
    const { headers, text } = await bench.api('GET', '/proxies/none');
    return {
      type: String(headers['content-type']),
      sniffing: String(headers['x-content-type-options']),
      body: JSON.stringify(text),
    };
  }),

  must(11, 'there are no metrics unless asked for', async (bench) => ({
    answer: await bench.asks('GET', '/metrics'),
  })),
];
