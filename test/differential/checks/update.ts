/** Reading, changing and deleting a proxy (checklist 31-44). */
import { json } from '../bench/api.ts';
import { type ProxyJson, portOf } from '../bench/bench.ts';
import { must, quirk } from '../bench/check.ts';
import { type Fact, ms } from '../bench/facts.ts';

const upstream = '127.0.0.1:1';
const latency = { type: 'latency', attributes: { latency: 1 } };

export const update = [
  must(31, 'the list is an object, sorted by name', async (bench) => {
    for (const name of ['b', 'a', 'B', '10', '9', 'ä']) await bench.proxy(1, [], { name });
    const { text } = await bench.api('GET', '/proxies');
    return {
      keys: [...text.matchAll(/"([^"]+)":\{"name"/g)].map(([, key]) => key).join(),
      answer: await bench.asks('GET', '/proxies'),
    };
  }),

  must(32, 'an unknown proxy is 404, before the body is read', async (bench) => {
    const facts: Record<string, Fact> = {};
    for (const [method, path] of [
      ['GET', '/proxies/x'],
      ['PATCH', '/proxies/x'],
      ['POST', '/proxies/x'],
      ['DELETE', '/proxies/x'],
      ['GET', '/proxies/x/toxics'],
      ['POST', '/proxies/x/toxics'],
      ['GET', '/proxies/x/toxics/t'],
      ['PATCH', '/proxies/x/toxics/t'],
      ['POST', '/proxies/x/toxics/t'],
      ['DELETE', '/proxies/x/toxics/t'],
    ] as const) {
      facts[`${method} ${path}`] = await bench.asks(method, path, 'garbage');
    }
    return facts;
  }),

  must(33, 'PATCH and POST do the same', async (bench) => {
    await bench.proxy(1);
    const change = { listen: '127.0.0.1:0', upstream: '127.0.0.1:2', enabled: true };
    return {
      PATCH: await bench.asks('PATCH', '/proxies/p', change),
      POST: await bench.asks('POST', '/proxies/p', change),
      'PATCH garbage': await bench.asks('PATCH', '/proxies/p', 'garbage'),
      'POST garbage': await bench.asks('POST', '/proxies/p', 'garbage'),
    };
  }),

  must(34, 'an empty change changes nothing', async (bench) => {
    const server = await bench.echo();
    const { client } = await bench.pair(await bench.proxy(server.port), server);
    const before = (await bench.api('GET', '/proxies/p')).text;
    const answers = [
      await bench.api('POST', '/proxies/p', {}),
      await bench.api('PATCH', '/proxies/p', 'null'),
    ];
    client.write('still here');
    await client.got(10);
    return {
      statuses: answers.map(({ status }) => status).join(),
      same: answers.every(({ text }) => text === before),
      client: client.text,
    };
  }),

  must(35, 'disabling ends its connections and refuses, enabling takes the same port', async (bench) => {
    const server = await bench.echo();
    const port = await bench.proxy(server.port);
    const { client, server: peer } = await bench.pair(port, server);
    const from = performance.now();
    const disabled = await bench.asks('POST', '/proxies/p', { enabled: false });
    const ending = await client.ended();
    return {
      disabled,
      client: ending.how,
      after: ms(0, ending.at - from),
      server: (await peer.ended()).how,
      reach: await bench.reach(port),
      again: await bench.asks('POST', '/proxies/p', { enabled: true }),
      'reach again': await bench.reach(port),
      'enabled twice': await bench.asks('POST', '/proxies/p', { enabled: true }),
    };
  }),

  must(36, 'another upstream ends its connections and keeps its toxics', async (bench) => {
    const server = await bench.server();
    const other = await bench.server();
    const port = await bench.proxy(server.port, [latency]);
    const { client } = await bench.pair(port, server);
    const answer = await bench.asks('POST', '/proxies/p', { upstream: `127.0.0.1:${other.port}` });
    const ending = await client.ended();
    const again = await bench.pair(port, other);
    again.client.write('hello');
    await again.server.got(5);
    return { answer, client: ending.how, 'new server': again.server.text };
  }),

  must(37, 'another port is listened on, the old one is not', async (bench) => {
    const server = await bench.server();
    const port = await bench.proxy(server.port, [latency]);
    const { client } = await bench.pair(port, server);
    const answer = await bench.api('POST', '/proxies/p', { listen: '127.0.0.1:0' });
    const moved = portOf(json<ProxyJson>(answer).listen);
    return {
      answer: bench.said(answer),
      moved: moved !== port,
      client: (await client.ended()).how,
      'new port': await bench.reach(moved),
      'old port': await bench.reach(port),
    };
  }),

  must(38, 'localhost is the same as 127.0.0.1', async (bench) => {
    const server = await bench.echo();
    const port = await bench.proxy(server.port);
    const { client } = await bench.pair(port, server);
    const answer = await bench.asks('POST', '/proxies/p', { listen: `localhost:${port}` });
    client.write('still here');
    await client.got(10);
    return { answer, client: client.text };
  }),

  quirk(39, '0.0.0.0 is not the same as the [::] that is reported', async (bench) => {
    const server = await bench.echo();
    const port = await bench.proxy(server.port, [], { listen: '0.0.0.0:0' });
    const { client } = await bench.pair(port, server);
    const answer = await bench.asks('POST', '/proxies/p', { listen: `0.0.0.0:${port}` });
    return { answer, client: (await client.ended()).how, reach: await bench.reach(port) };
  }),

  quirk(40, 'a move to a taken port leaves it disabled with the new address', async (bench) => {
    const blocker = await bench.proxy(1, [], { name: 'blocker' });
    const server = await bench.server();
    const { client } = await bench.pair(await bench.proxy(server.port, [latency]), server);
    const answer = await bench.asks('POST', '/proxies/p', { listen: `127.0.0.1:${blocker}` });
    const ending = await client.ended();
    const shown = await bench.asks('GET', '/proxies/p');
    await bench.must('DELETE', '/proxies/blocker');
    return {
      answer,
      client: ending.how,
      shown,
      'when free': await bench.asks('POST', '/proxies/p', { enabled: true }),
      reach: await bench.reach(blocker),
    };
  }),

  must(41, 'a move to an address that cannot be resolved changes nothing', async (bench) => {
    const server = await bench.echo();
    const { client } = await bench.pair(await bench.proxy(server.port), server);
    const before = (await bench.api('GET', '/proxies/p')).text;
    const bad = await bench.asks('POST', '/proxies/p', { listen: 'bad' });
    const unknown = await bench.asks('POST', '/proxies/p', { listen: 'no.such.host.invalid:1' });
    client.write('still here');
    await client.got(10);
    return {
      bad,
      unknown,
      same: (await bench.api('GET', '/proxies/p')).text === before,
      client: client.text,
    };
  }),

  must(42, 'the name stays', async (bench) => {
    await bench.proxy(1);
    return {
      answer: await bench.asks('POST', '/proxies/p', { name: 'q', toxics: [latency] }),
      q: await bench.asks('GET', '/proxies/q'),
    };
  }),

  quirk(43, 'a change may leave the upstream empty', async (bench) => {
    await bench.proxy(1);
    return { answer: await bench.asks('POST', '/proxies/p', { upstream: '' }) };
  }),

  must(44, 'deleting ends its connections and frees its port', async (bench) => {
    const server = await bench.server();
    const port = await bench.proxy(server.port);
    const { client } = await bench.pair(port, server);
    const from = performance.now();
    const answer = await bench.asks('DELETE', '/proxies/p');
    const ending = await client.ended();
    return {
      answer,
      client: ending.how,
      after: ms(0, ending.at - from),
      'same port': await bench.asks('POST', '/proxies', { name: 'q', listen: `127.0.0.1:${port}`, upstream }),
      again: await bench.asks('DELETE', '/proxies/p'),
    };
  }),
];
