/** The API under requests that make no sense, or almost some: each gets an answer of the kind it should, and the server lives. */

import { expect, it } from 'vitest';
import { toxicTypes } from '../../proxy/toxics/index.ts';
import { Rig } from '../local/proxy/rig.ts';
import fc from '../support/fast-check.ts';

const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS'];
/** What the API may answer; 500 is for addresses that cannot be bound, 503 for what takes too long, which nothing here does. */
const statuses = [200, 201, 204, 301, 400, 404, 405, 409, 413, 500];
const answerMs = 2_000;

/** Names that are there, mostly. */
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b') },
  fc.constantFrom('ä ö', '%', '..', ''),
  fc.string(),
);
const segment = name.map(encodeURIComponent);
const fewOdd = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 8, arbitrary: usual }, odd);
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.double(),
  fc.constantFrom(-1, 2 ** 31, 2 ** 53, 1e300, '', 'both', 'downstream', '127.0.0.1:0', null),
);
const usual = fc.oneof(
  fc.integer({ min: 0, max: 2_000 }),
  fc.constantFrom(0, 0.5, 1, true, 'reset', 'close'),
);

const dictionary = (names: readonly string[]): fc.Arbitrary<object> =>
  names.length === 0
    ? fc.constant({})
    : fc.dictionary(fc.constantFrom(...names), fewOdd(usual), { maxKeys: 3 });
const selector = dictionary([
  'first',
  'every',
  'share',
  'above',
  'strikes',
  'from_bytes',
  'after_ms',
  'for_ms',
  'nth',
]);
const toxic = fc.constantFrom(...toxicTypes.values()).chain(({ type, attributes }) =>
  fc.record(
    {
      name: fewOdd(name),
      type: fewOdd(fc.constant(type)),
      stream: fewOdd(fc.constantFrom('upstream', 'downstream', 'both')),
      toxicity: fewOdd(fc.double({ min: 0, max: 1 })),
      attributes: fewOdd(dictionary(Object.keys(attributes))),
      only: fewOdd(selector),
    },
    { requiredKeys: ['type'] },
  ),
);
const proxy = fc.record(
  {
    name: fewOdd(name),
    listen: fewOdd(fc.constantFrom('127.0.0.1:0', 'localhost:0', '127.0.0.1', '127.0.0.1:99999', '')),
    upstream: fewOdd(fc.constant('127.0.0.1:1')),
    enabled: fewOdd(fc.boolean()),
    toxics: fewOdd(fc.array(toxic, { maxLength: 3 })),
  },
  { requiredKeys: ['name', 'upstream'] },
);
const json = fc
  .oneof(toxic, proxy, fc.array(proxy, { maxLength: 3 }), odd)
  .map((body) => JSON.stringify(body) ?? '');
/** Text that stops, or has something changed, in the middle. */
const broken = fc
  .tuple(json, fc.nat(), fc.constantFrom('', '"', '{', ']', '\\', '\u0000', '1e999', 'nul'))
  .map(([text, place, put]) => text.slice(0, place % (text.length + 1)) + put);
const body = fc.oneof({ weight: 4, arbitrary: json }, broken, fc.string());
const path = fc.oneof(
  fc.constantFrom(
    '/proxies',
    '/populate',
    '/reset',
    '/version',
    '/connections',
    '/nope',
    '//version',
    '/proxies/',
  ),
  segment.map((proxy) => `/proxies/${proxy}`),
  segment.map((proxy) => `/proxies/${proxy}/toxics`),
  fc.tuple(segment, segment).map(([proxy, toxic]) => `/proxies/${proxy}/toxics/${toxic}`),
);

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

const text = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  arbitrary.map((value) => JSON.stringify(value));
const sensible: fc.Arbitrary<Request> = fc.oneof(
  fc.record({ method: fc.constant('POST'), path: fc.constant('/proxies'), body: text(proxy) }),
  fc.record({ method: fc.constant('POST'), path: fc.constant('/populate'), body: text(fc.array(proxy)) }),
  fc.record({ method: fc.constant('PATCH'), path: segment.map((a) => `/proxies/${a}`), body: text(proxy) }),
  {
    weight: 4,
    arbitrary: fc.record({
      method: fc.constant('POST'),
      path: segment.map((a) => `/proxies/${a}/toxics`),
      body: text(toxic),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      method: fc.constantFrom('PATCH', 'DELETE'),
      path: fc.tuple(segment, segment).map(([a, b]) => `/proxies/${a}/toxics/${b}`),
      body: text(toxic),
    }),
  },
);
const senseless: fc.Arbitrary<Request> = fc.record({ method: fc.constantFrom(...methods), path, body });
const request = fc.oneof({ weight: 3, arbitrary: sensible }, senseless);

it('answers whatever it is asked, and goes on', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 25 }), async (requests) => {
      await using rig = await Rig.start();
      for (const known of ['a', 'b']) await rig.proxy(1, [{ type: 'latency', name: 'a' }], known);
      for (const { method, path, body } of requests) {
        const started = performance.now();
        const answer = await rig.api(method, path, method === 'GET' ? undefined : body);

        const shown = `${method} ${path} ${body}: ${answer.status} ${answer.text}`;
        expect(performance.now() - started, shown).toBeLessThan(answerMs);
        expect(statuses, shown).toContain(answer.status);
        if (answer.status === 500) expect(answer.text).toMatch(/listen|lookup|address|port/);
      }
      expect((await rig.api('GET', '/version')).status).toBe(200);
      expect((await rig.api('GET', '/proxies')).status).toBe(200);
    }),
    { numRuns: 300 },
  );
});
