/** Toxics that delay: latency, bandwidth, slow_close, slicer (checklist 76-89, 100, 101, 109-112). */
import type { Bench, Pair, ToxicBody } from '../bench/bench.ts';
import { must, quirk } from '../bench/check.ts';
import { judged, ms } from '../bench/facts.ts';
import { pause } from '../bench/peer.ts';

const toxicPath = '/proxies/p/toxics/t';

const latency = (latency: number, more: object = {}): ToxicBody => ({
  name: 't',
  type: 'latency',
  attributes: { latency },
  ...more,
});
const bandwidth = (rate: number, more: object = {}): ToxicBody => ({
  name: 't',
  type: 'bandwidth',
  attributes: { rate },
  ...more,
});
const slowClose = (delay: number, more: object = {}): ToxicBody => ({
  name: 't',
  type: 'slow_close',
  attributes: { delay },
  ...more,
});

/** A connection through a proxy with toxics to a server that only does what the check tells it. */
async function through(bench: Bench, ...toxics: ToxicBody[]): Promise<Pair> {
  const server = await bench.server();
  return bench.pair(await bench.proxy(server.port, toxics), server);
}

/** Asks and answers, and tells how long after the question each of them arrived. */
async function exchange({ client, server }: Pair): Promise<{ question: number; answer: number }> {
  const [asked, answered] = [server.count, client.count];
  const from = performance.now();
  client.write('question');
  const question = (await server.got(asked + 8)) - from;
  const back = performance.now();
  server.write('answer');
  return { question, answer: (await client.got(answered + 6)) - back };
}

export const delays = [
  must(76, 'latency delays its own direction alone', async (bench) => {
    const down = await exchange(await through(bench, latency(200)));
    await bench.must('DELETE', '/proxies/p');
    const up = await exchange(await through(bench, latency(200, { stream: 'upstream' })));
    return {
      'down: question': ms(0, down.question),
      'down: answer': ms(200, down.answer),
      'up: question': ms(200, up.question),
      'up: answer': ms(0, up.answer),
    };
  }),

  must(77, 'latency keeps the spacing of messages', async (bench) => {
    const { client, server } = await through(bench, latency(200));
    const sent: number[] = [];
    for (let message = 0; message < 6; message += 1) {
      sent.push(performance.now());
      server.write('x');
      await pause(40);
    }
    await client.got(6);
    const late = sent.map((at, index) => client.arrival(index + 1) - at);
    return {
      'first delay': ms(200, late[0] ?? 0),
      'shortest delay': ms(200, Math.min(...late)),
      'longest delay': ms(200, Math.max(...late)),
    };
  }),

  must(78, 'jitter spreads the delay around the latency', async (bench) => {
    const server = await bench.server();
    const port = await bench.proxy(server.port, [
      { type: 'latency', attributes: { latency: 60, jitter: 50 } },
    ]);
    const pairs: Pair[] = [];
    for (let connection = 0; connection < 40; connection += 1) pairs.push(await bench.pair(port, server));
    const samples = await Promise.all(
      pairs.map(async (pair) => {
        const from = performance.now();
        pair.server.write('x');
        return (await pair.client.got(1)) - from;
      }),
    );
    const [least, most] = [Math.min(...samples), Math.max(...samples)];
    return {
      '10 ms or more': judged(least >= 8),
      '115 ms or less': judged(most <= 115 + 40),
      'spread over 60 ms': judged(most - least > 60),
    };
  }),

  must(79, 'latency does not delay a FIN of its own', async (bench) => {
    const alone = await through(bench, latency(300));
    const from = performance.now();
    alone.server.end();
    const ending = await alone.client.ended();
    await bench.must('DELETE', '/proxies/p');

    const together = await through(bench, latency(300));
    const start = performance.now();
    together.server.end('data');
    const data = await together.client.got(4);
    const end = await together.client.ended();
    return {
      'FIN alone': ms(0, ending.at - from),
      data: ms(300, data - start),
      'FIN after it': ms(300, end.at - start),
      client: end.how,
    };
  }),

  must(80, 'two latencies add up', async (bench) => {
    const pair = await through(bench, latency(150), latency(200, { name: 'u' }));
    return { answer: ms(350, (await exchange(pair)).answer) };
  }),

  must(81, 'deleting a latency lets what it holds go at once, in order', async (bench) => {
    const { client, server } = await through(bench, latency(2_000));
    for (const message of ['a', 'b', 'c']) {
      server.write(message);
      await pause(20);
    }
    const from = performance.now();
    await bench.must('DELETE', toxicPath);
    return { after: ms(0, (await client.got(3)) - from), received: client.text };
  }),

  quirk(82, 'lowering a latency sends the chunk in hand, the next by the new delay', async (bench) => {
    const { client, server } = await through(bench, latency(1_000));
    server.write('a');
    await pause(20);
    const from = performance.now();
    server.write('b');
    await pause(80);
    const change = performance.now();
    await bench.must('PATCH', toxicPath, { attributes: { latency: 500 } });
    await client.got(2);
    return { 'in hand': ms(0, client.arrival(1) - change), queued: ms(500, client.arrival(2) - from) };
  }),

  must(83, 'latency works on open connections', async (bench) => {
    const pair = await through(bench);
    const before = await exchange(pair);
    await bench.toxic(latency(200));
    return { before: ms(0, before.answer), after: ms(200, (await exchange(pair)).answer) };
  }),

  must(84, 'bandwidth paces each connection by itself', async (bench) => {
    const server = await bench.server();
    const port = await bench.proxy(server.port, [bandwidth(100)]);
    const one = await bench.pair(port, server);
    const other = await bench.pair(port, server);
    const from = performance.now();
    one.server.write(Buffer.alloc(50_000));
    other.server.write(Buffer.alloc(50_000));
    await one.client.got(50_000);
    await other.client.got(50_000);
    return {
      first: ms(100, one.client.arrival(1) - from),
      'first 10 000 B': ms(100, one.client.arrival(10_000) - from),
      '30 000 B': ms(300, one.client.arrival(30_000) - from),
      all: ms(500, one.client.arrival(50_000) - from),
      'the other': ms(500, other.client.arrival(50_000) - from),
      'not early': judged(one.client.arrival(50_000) - from >= 498),
    };
  }),

  must(85, 'bandwidth sends what fits into 100 ms, then the rest', async (bench) => {
    const { client, server } = await through(bench, bandwidth(1));
    const from = performance.now();
    server.write(Buffer.alloc(350));
    await client.got(350);
    return {
      sizes: judged(client.sizes.join()),
      '100 B': ms(100, client.arrival(100) - from),
      '200 B': ms(200, client.arrival(200) - from),
      '300 B': ms(300, client.arrival(300) - from),
      '350 B': ms(350, client.arrival(350) - from),
    };
  }),

  must(86, 'a rate of 0 holds data until it is deleted', async (bench) => {
    const { client, server } = await through(bench, bandwidth(0));
    server.write('held');
    const early = await client.got(1, 400);
    const ending = await client.ended(0);
    const from = performance.now();
    await bench.must('DELETE', toxicPath);
    return {
      'after 400 ms': Number.isFinite(early) ? 'data' : 'nothing',
      client: ending.how,
      'when deleted': ms(0, (await client.got(4)) - from),
      received: client.text,
    };
  }),

  must(87, 'slow_close delays the close, not the data', async (bench) => {
    const { client, server } = await through(bench, slowClose(300));
    const from = performance.now();
    server.end('data');
    const data = await client.got(4);
    const end = await client.ended();
    return { data: ms(0, data - from), end: ms(300, end.at - from), client: end.how };
  }),

  must(88, 'deleting a slow_close closes at once', async (bench) => {
    const { client, server } = await through(bench, slowClose(2_000));
    server.end();
    await pause(200);
    const stillOpen = client.open;
    const from = performance.now();
    await bench.must('DELETE', toxicPath);
    return { before: stillOpen ? 'open' : 'closed', after: ms(0, (await client.ended()).at - from) };
  }),

  quirk(89, 'an answer gets through while slow_close holds the client’s FIN', async (bench) => {
    const { client, server } = await through(bench, slowClose(300, { stream: 'upstream' }));
    const from = performance.now();
    client.end('question');
    await server.got(8);
    await pause(150);
    server.write('answer');
    await client.got(6);
    const end = await server.ended();
    return { received: client.text, 'server sees FIN': ms(300, end.at - from) };
  }),

  must(100, 'slicer sends pieces with a pause after each', async (bench) => {
    const attributes = { average_size: 10, size_variation: 0, delay: 40_000 };
    const { client, server } = await through(bench, { type: 'slicer', attributes });
    const from = performance.now();
    server.write(Buffer.alloc(80));
    await client.got(80);
    return {
      pieces: judged(client.sizes.join()),
      first: ms(0, client.arrival(1) - from),
      last: ms(280, client.arrival(80) - from),
    };
  }),

  must(101, 'slicer’s pieces are not larger than average and variation', async (bench) => {
    const attributes = { average_size: 50, size_variation: 20, delay: 30_000 };
    const { client, server } = await through(bench, { type: 'slicer', attributes });
    const sent = Array.from({ length: 800 }, (_, index) => String(index % 10)).join('');
    server.write(sent);
    await client.got(800);
    return {
      'at most 70 B': judged(Math.max(...client.sizes) <= 70),
      'more than one size': new Set(client.sizes).size > 1,
      intact: client.text === sent,
    };
  }),

  must(109, 'limit_data before latency: what passed is delayed, then the end', async (bench) => {
    const { client, server } = await through(
      bench,
      { type: 'limit_data', attributes: { bytes: 5 } },
      latency(200),
    );
    const from = performance.now();
    server.write('1234567');
    const end = await client.ended();
    return {
      received: client.text,
      data: ms(200, client.arrival(1) - from),
      end: ms(200, end.at - from),
      client: end.how,
      server: (await server.ended()).how,
    };
  }),

  must(110, 'deleting the toxic in the middle leaves the others at work', async (bench) => {
    const pair = await through(bench, latency(100, { name: 'a' }), latency(300, { name: 'b' }), {
      type: 'slicer',
      attributes: { average_size: 4, delay: 50_000 },
    });
    const all = await exchange(pair);
    await bench.must('DELETE', '/proxies/p/toxics/b');
    const two = await exchange(pair);
    return {
      'all three': ms(450, all.answer),
      two: ms(150, two.answer),
      received: pair.client.text,
    };
  }),

  must(111, 'a toxic added to a disabled proxy acts when it is enabled', async (bench) => {
    const server = await bench.server();
    const port = await bench.proxy(server.port);
    await bench.must('POST', '/proxies/p', { enabled: false });
    await bench.toxic(latency(200));
    await bench.must('POST', '/proxies/p', { enabled: true });
    return { answer: ms(200, (await exchange(await bench.pair(port, server))).answer) };
  }),

  must(112, 'disabling drops what a latency holds', async (bench) => {
    const { client, server } = await through(bench, latency(1_000));
    server.write('held');
    await pause(100);
    const from = performance.now();
    await bench.must('POST', '/proxies/p', { enabled: false });
    const end = await client.ended();
    return { client: end.how, after: ms(0, end.at - from), received: `${client.count} B` };
  }),
];
