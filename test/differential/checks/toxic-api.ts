/** Creating, changing and deleting toxics (checklist 55-69). */
import { json } from '../bench/api.ts';
import type { Bench, ToxicBody } from '../bench/bench.ts';
import { must, quirk } from '../bench/check.ts';
import type { Fact } from '../bench/facts.ts';

const path = '/proxies/p/toxics';

/** Adds toxics one after the other to one proxy; a text is sent as it is. */
async function each(bench: Bench, bodies: Readonly<Record<string, unknown>>): Promise<Record<string, Fact>> {
  await bench.proxy(1);
  const facts: Record<string, Fact> = {};
  for (const [name, body] of Object.entries(bodies)) facts[name] = await bench.asks('POST', path, body);
  return facts;
}

/** The names of the toxics there are, in order. */
async function names(bench: Bench): Promise<string> {
  return json<ToxicBody[]>(await bench.api('GET', path))
    .map(({ name }) => name)
    .join();
}

export const toxicApi = [
  must(55, 'a toxic is filled in with defaults', (bench) =>
    each(bench, { latency: { type: 'latency', attributes: { latency: 100 } } }),
  ),

  must(56, 'each type has its attributes, 0 unless given', (bench) =>
    each(
      bench,
      Object.fromEntries(
        ['latency', 'bandwidth', 'slow_close', 'timeout', 'reset_peer', 'slicer', 'limit_data', 'noop'].map(
          (type) => [type, { type }],
        ),
      ),
    ),
  ),

  must(57, 'an unknown type is refused', async (bench) => ({
    ...(await each(bench, {
      unknown: { type: 'nope' },
      none: {},
      Latency: { type: 'Latency' },
      null: 'null',
    })),
    kept: await names(bench),
  })),

  must(58, 'an unknown stream is refused before an unknown type', (bench) =>
    each(bench, {
      down: { type: 'noop', stream: 'down' },
      'type too': { type: 'nope', stream: 'down' },
      empty: { type: 'noop', stream: '' },
      null: { type: 'noop', stream: null },
    }),
  ),

  must(59, 'a stream may be in capitals', async (bench) => {
    const { status } = await bench
      .proxy(1)
      .then(() => bench.api('POST', path, { type: 'noop', stream: 'UPSTREAM' }));
    return { status };
  }),

  quirk(60, 'a stream is given back as it was written, in the name too', async (bench) => ({
    ...(await each(bench, { UPSTREAM: { type: 'latency', stream: 'UPSTREAM' } })),
    found: await bench.asks('GET', `${path}/latency_UPSTREAM`),
  })),

  must(61, 'a name is taken once for both streams', async (bench) => ({
    ...(await each(bench, {
      first: { name: 't', type: 'noop' },
      'other type': { name: 't', type: 'latency' },
      'other stream': { name: 't', type: 'noop', stream: 'upstream' },
      'other case': { name: 'T', type: 'noop' },
      'bad attributes too': { name: 't', type: 'latency', attributes: { latency: 'x' } },
    })),
    kept: await names(bench),
  })),

  must(62, 'null attributes and an empty name are as if left out', (bench) =>
    each(bench, {
      null: { type: 'latency', attributes: null, name: '' },
      unknown: { type: 'bandwidth', attributes: { RATE: 5, colour: 1 } },
    }),
  ),

  must(63, 'integers have to be written as integers', async (bench) => ({
    ...(await each(bench, {
      '1.5': '{"type":"latency","attributes":{"latency":1.5}}',
      '"100"': '{"type":"latency","attributes":{"latency":"100"}}',
      '100.0': '{"type":"latency","attributes":{"latency":100.0}}',
      '1e3': '{"type":"latency","attributes":{"latency":1e3}}',
      true: '{"type":"latency","attributes":{"latency":true}}',
      'beyond 64 bits': '{"type":"latency","attributes":{"latency":9223372036854775808}}',
      '[]': '{"type":"latency","attributes":[]}',
      'toxicity "1"': '{"type":"latency","toxicity":"1"}',
      'toxicity 1e40': '{"type":"latency","toxicity":1e40}',
    })),
    kept: await names(bench),
  })),

  must(64, 'a change touches what it names', async (bench) => {
    await bench.proxy(1, [
      { name: 't', type: 'latency', toxicity: 0.5, attributes: { latency: 10, jitter: 5 } },
    ]);
    const change = { name: 'u', type: 'noop', stream: 'upstream', attributes: { latency: 20 } };
    return {
      PATCH: await bench.asks('PATCH', `${path}/t`, change),
      POST: await bench.asks('POST', `${path}/t`, { attributes: { jitter: 6 }, toxicity: 0.25 }),
      '{}': await bench.asks('PATCH', `${path}/t`, {}),
      null: await bench.asks('PATCH', `${path}/t`, 'null'),
      zero: await bench.asks('PATCH', `${path}/t`, { toxicity: 0, attributes: { jitter: 0 } }),
      garbage: await bench.asks('PATCH', `${path}/t`, 'garbage'),
      empty: await bench.asks('PATCH', `${path}/t`, ''),
    };
  }),

  quirk(65, 'of a change with a wrong attribute the right ones are made', async (bench) => {
    await bench.proxy(1, [{ name: 't', type: 'latency', attributes: { latency: 10, jitter: 5 } }]);
    return {
      PATCH: await bench.asks('PATCH', `${path}/t`, {
        toxicity: 0.5,
        attributes: { jitter: 'x', latency: 20 },
      }),
      afterwards: await bench.asks('GET', `${path}/t`),
      'wrong toxicity': await bench.asks('PATCH', `${path}/t`, {
        toxicity: 'x',
        attributes: { latency: 30 },
      }),
      'afterwards too': await bench.asks('GET', `${path}/t`),
      'broken JSON': await bench.asks('PATCH', `${path}/t`, '{"attributes":{"latency":40}'),
      'afterwards still': await bench.asks('GET', `${path}/t`),
    };
  }),

  must(66, 'an unknown toxic is 404, before the body is read', async (bench) => {
    await bench.proxy(1);
    return {
      GET: await bench.asks('GET', `${path}/x`),
      PATCH: await bench.asks('PATCH', `${path}/x`, 'garbage'),
      POST: await bench.asks('POST', `${path}/x`, 'garbage'),
      DELETE: await bench.asks('DELETE', `${path}/x`),
    };
  }),

  must(67, 'toxics are listed upstream first, then by age', async (bench) => {
    await bench.proxy(1, [
      { name: 'd1', type: 'noop' },
      { name: 'u1', type: 'noop', stream: 'upstream' },
      { name: 'd2', type: 'noop' },
      { name: 'u2', type: 'noop', stream: 'upstream' },
    ]);
    await bench.must('PATCH', `${path}/d1`, {});
    return { toxics: await names(bench), proxy: await bench.asks('GET', '/proxies/p') };
  }),

  must(68, 'a deleted toxic is gone', async (bench) => {
    await bench.proxy(1, [{ type: 'noop' }]);
    return {
      answer: await bench.asks('DELETE', `${path}/noop_downstream`),
      toxics: await bench.asks('GET', path),
    };
  }),

  quirk(69, 'toxicity has no bounds and 32 bits', (bench) =>
    each(
      bench,
      Object.fromEntries(
        [
          '5',
          '-1',
          '0.123456789',
          '0.1',
          '0.3',
          '16777217',
          '1e-7',
          '1e21',
          '1e20',
          '0.000001',
          '1.0',
          '3.4e38',
        ].map((toxicity, index) => [toxicity, `{"type":"noop","name":"t${index}","toxicity":${toxicity}}`]),
      ),
    ),
  ),
];
