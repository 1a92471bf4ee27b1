/** Toxics that are changed while data flows, and data at their limits, beside the checklist (221-237). */
import type { Bench, Pair, ToxicBody } from '../bench/bench.ts';
import { must, quirk } from '../bench/check.ts';
import { judged, ms } from '../bench/facts.ts';
import { pause } from '../bench/peer.ts';

const toxicPath = '/proxies/p/toxics/t';

const toxic = (type: string, attributes: object, more: object = {}): ToxicBody => ({
  name: 't',
  type,
  attributes,
  ...more,
});

/** A connection through a proxy with toxics to a server that only does what the check tells it. */
async function through(bench: Bench, ...toxics: ToxicBody[]): Promise<Pair> {
  const server = await bench.server();
  return bench.pair(await bench.proxy(server.port, toxics), server);
}

export const toxicsUnderTraffic = [
  quirk(221, 'changing a bandwidth sends the rest of the chunk at once', async (bench) => {
    const { client, server } = await through(bench, toxic('bandwidth', { rate: 1 }));
    server.write(Buffer.alloc(1_000));
    await client.got(100);
    const from = performance.now();
    await bench.must('PATCH', toxicPath, { attributes: { rate: 2 } });
    const rest = await client.got(1_000);
    const next = performance.now();
    server.write(Buffer.alloc(400));
    return { rest: ms(0, rest - from), next: ms(200, (await client.got(1_400)) - next) };
  }),

  quirk(222, 'changing a slicer sends the rest of the chunk in one piece', async (bench) => {
    const attributes = { average_size: 10, size_variation: 0, delay: 100_000 };
    const { client, server } = await through(bench, toxic('slicer', attributes));
    server.write(Buffer.alloc(80));
    await client.got(20);
    const from = performance.now();
    await bench.must('PATCH', toxicPath, { attributes: { delay: 50_000 } });
    const rest = await client.got(80);
    return { rest: ms(0, rest - from), sizes: judged(client.sizes.join()) };
  }),

  quirk(223, 'changing a slow_close starts its delay again', async (bench) => {
    const { client, server } = await through(bench, toxic('slow_close', { delay: 400 }));
    server.end();
    await pause(200);
    const from = performance.now();
    await bench.must('PATCH', toxicPath, { attributes: { delay: 300 } });
    return { after: ms(300, (await client.ended()).at - from) };
  }),

  quirk(224, 'changing a timeout stops its clock, or lets data pass', async (bench) => {
    const stopped = await through(bench, toxic('timeout', { timeout: 300 }));
    await bench.must('PATCH', toxicPath, { attributes: { timeout: 0 } });
    const still = await stopped.client.ended(500);
    await bench.must('PATCH', toxicPath, { toxicity: 0 });
    stopped.server.write('passes');
    await stopped.client.got(6);
    const inactive = stopped.client.text;
    await bench.must('PATCH', toxicPath, { toxicity: 1, attributes: { timeout: 200 } });
    const from = performance.now();
    return {
      'timeout 0': still.how,
      'toxicity 0': inactive,
      again: ms(200, (await stopped.client.ended()).at - from),
    };
  }),

  quirk(225, 'messages that queue behind others in two latencies', async (bench) => {
    const { client, server } = await through(
      bench,
      toxic('latency', { latency: 150 }),
      toxic('latency', { latency: 200 }, { name: 'u' }),
    );
    const sent: number[] = [];
    for (let message = 0; message < 4; message += 1) {
      sent.push(performance.now());
      server.write('x');
      await pause(40);
    }
    await client.got(4);
    const delay = (message: number): number => client.arrival(message) - (sent[message - 1] ?? 0);
    return { first: ms(350, delay(1)), 'third is early': judged(delay(3) < 335) };
  }),

  must(226, 'a FIN behind data that a rate of 0 holds, and alone', async (bench) => {
    const behind = await through(bench, toxic('bandwidth', { rate: 0 }));
    behind.server.end('held');
    const held = await behind.client.ended(300);
    await bench.must('PATCH', toxicPath, { attributes: { rate: 1_000 } });
    const { how } = await behind.client.ended();
    await bench.must('DELETE', '/proxies/p');
    const alone = await through(bench, toxic('bandwidth', { rate: 0 }));
    alone.server.end();
    return {
      behind: held.how,
      released: `${behind.client.text}, ${how}`,
      alone: (await alone.client.ended()).how,
    };
  }),

  must(227, 'slicer halves until the pieces fit', async (bench) => {
    const large = toxic('slicer', { average_size: 1_000, size_variation: 0, delay: 50_000 });
    const first = await through(bench, large);
    first.server.write(Buffer.alloc(10_000));
    await first.client.got(10_000);
    await bench.must('DELETE', '/proxies/p');
    const second = await through(
      bench,
      toxic('slicer', { average_size: 10, size_variation: 0, delay: 50_000 }),
    );
    second.server.write(Buffer.alloc(70));
    await second.client.got(70);
    return {
      '10 000 by 1000': judged(first.client.sizes.join()),
      '70 by 10': judged(second.client.sizes.join()),
    };
  }),

  must(228, 'limit_data below what has passed closes at the next chunk', async (bench) => {
    const { client, server } = await through(bench, toxic('limit_data', { bytes: 20 }));
    server.write('1234567890');
    await client.got(10);
    await bench.must('PATCH', toxicPath, { attributes: { bytes: 5 } });
    const idle = await client.ended(200);
    server.write('x');
    return { idle: idle.how, client: (await client.ended()).how, received: client.text };
  }),

  must(229, 'a limit below 0 closes at the first byte', async (bench) => {
    const { client, server } = await through(bench, toxic('limit_data', { bytes: -1 }));
    server.write('x');
    return { client: (await client.ended()).how, received: `${client.count} B` };
  }),

  quirk(230, 'a toxic added behind another, and the connections that the other applies to', async (bench) => {
    const server = await bench.server();
    const port = await bench.proxy(server.port, [toxic('timeout', { timeout: 0 }, { toxicity: 0.5 })]);
    const pairs: Pair[] = [];
    for (let connection = 0; connection < 40; connection += 1) pairs.push(await bench.pair(port, server));
    const dropped = async (): Promise<string> => {
      const before = pairs.map(({ client }) => client.count);
      for (const pair of pairs) pair.server.write('x');
      await pause(250);
      return pairs.map(({ client }, index) => Number(client.count === before[index])).join('');
    };
    const first = await dropped();
    await bench.toxic({ type: 'noop', stream: 'upstream' });
    const otherStream = await dropped();
    await bench.toxic({ type: 'noop' });
    const sameStream = await dropped();
    return {
      'other stream': judged(otherStream === first ? 'the same' : 'others'),
      'same stream': judged(sameStream === otherStream ? 'the same' : 'others'),
    };
  }),

  must(231, 'a timeout lets a FIN pass at once', async (bench) => {
    const { client, server } = await through(bench, toxic('timeout', { timeout: 2_000 }));
    const from = performance.now();
    server.end('lost');
    const { how, at } = await client.ended();
    return { client: how, after: ms(0, at - from), received: `${client.count} B` };
  }),

  must(232, 'a latency or jitter below 0 delays nothing', async (bench) => {
    const { client, server } = await through(bench, toxic('latency', { latency: -500, jitter: -100 }));
    const from = performance.now();
    server.write('x');
    return { after: ms(0, (await client.got(1)) - from) };
  }),

  quirk(233, 'a latency that is too long for the real server’s clock', async (bench) => {
    const { client, server } = await through(bench, toxic('latency', { latency: 9_223_372_036_855 }));
    server.write('x');
    return { 'within 300 ms': Number.isFinite(await client.got(1, 300)) ? 'arrives' : 'is held' };
  }),

  must(234, 'a sender is held back when nobody reads', async (bench) => {
    const { client, server } = await through(bench);
    client.socket.pause();
    const megabyte = Buffer.alloc(1024 * 1024);
    let sent = 0;
    for (let part = 0; part < 64; part += 1)
      server.socket.write(megabyte, (error) => (sent += error ? 0 : 1));
    await pause(500);
    const heldBack = sent < 32;
    client.socket.resume();
    await client.got(64 * megabyte.length, 20_000);
    return { 'held back': heldBack, received: `${client.count} B` };
  }),

  must(235, 'the other direction flows until reset_peer resets', async (bench) => {
    const { client, server } = await through(bench, toxic('reset_peer', { timeout: 300 }));
    server.write('dropped');
    await pause(100);
    client.write('arrives');
    await server.got(7);
    return { request: server.text, client: (await client.ended()).how, received: `${client.count} B` };
  }),

  must(236, 'bandwidth delivers a FIN after the data', async (bench) => {
    const { client, server } = await through(bench, toxic('bandwidth', { rate: 1 }));
    const from = performance.now();
    server.end(Buffer.alloc(250));
    const { how, at } = await client.ended();
    return { client: how, after: ms(250, at - from), received: `${client.count} B` };
  }),

  must(237, 'bandwidth makes up for late timers', async (bench) => {
    const { client, server } = await through(bench, toxic('bandwidth', { rate: 1_000 }));
    const from = performance.now();
    server.write(Buffer.alloc(1_000_000));
    const tookMs = (await client.got(1_000_000)) - from;
    return { '1 MB at 1000 KB/s': ms(1_000, tookMs) };
  }),
];
