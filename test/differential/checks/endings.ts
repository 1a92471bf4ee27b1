/** Toxics that end a connection: timeout, reset_peer, limit_data (checklist 90-99, 102-105). */
import type { Bench, Pair, ToxicBody } from '../bench/bench.ts';
import { must, quirk } from '../bench/check.ts';
import { ms } from '../bench/facts.ts';
import { pause } from '../bench/peer.ts';

const toxicPath = '/proxies/p/toxics/t';

const timeout = (timeout: number, more: object = {}): ToxicBody => ({
  name: 't',
  type: 'timeout',
  attributes: { timeout },
  ...more,
});
const resetPeer = (timeout: number, more: object = {}): ToxicBody => ({
  name: 't',
  type: 'reset_peer',
  attributes: { timeout },
  ...more,
});
const limitData = (bytes: number, more: object = {}): ToxicBody => ({
  name: 't',
  type: 'limit_data',
  attributes: { bytes },
  ...more,
});

/** A connection through a proxy with a toxic to a server that only does what the check tells it. */
async function through(bench: Bench, toxic?: ToxicBody): Promise<Pair> {
  const server = await bench.server();
  return bench.pair(await bench.proxy(server.port, toxic ? [toxic] : []), server);
}

/** How both sides saw it end. */
async function ends({ client, server }: Pair): Promise<{ client: string; server: string }> {
  return { client: (await client.ended()).how, server: (await server.ended()).how };
}

export const endings = [
  must(90, 'timeout closes an idle connection, and what goes the other way arrives', async (bench) => {
    const server = await bench.server();
    const port = await bench.proxy(server.port, [timeout(200)]);
    const from = performance.now();
    const pair = await bench.pair(port, server);
    pair.client.write('request');
    await pair.server.got(7);
    const { at } = await pair.client.ended();
    return { after: ms(200, at - from), ...(await ends(pair)), request: pair.server.text };
  }),

  must(91, 'timeout 0 drops and stays open until it is deleted', async (bench) => {
    const pair = await through(bench, timeout(0));
    pair.server.write('lost');
    const early = await pair.client.ended(500);
    const from = performance.now();
    await bench.must('DELETE', toxicPath);
    const { at } = await pair.client.ended();
    return {
      'after 500 ms': early.how,
      'when deleted': ms(0, at - from),
      ...(await ends(pair)),
      received: `${pair.client.count} B`,
    };
  }),

  quirk(92, 'timeout counts from the last chunk', async (bench) => {
    const pair = await through(bench, timeout(200));
    let last = 0;
    for (let message = 0; message < 5; message += 1) {
      await pause(100);
      last = performance.now();
      pair.server.write('x');
    }
    const { open } = pair.client;
    const { at } = await pair.client.ended();
    return {
      'after 500 ms of traffic': open ? 'open' : 'closed',
      'after the last': ms(200, at - last),
      received: `${pair.client.count} B`,
    };
  }),

  quirk(93, 'deleting a timeout closes connections it did not apply to', async (bench) => {
    const pair = await through(bench, timeout(0, { toxicity: 0 }));
    pair.server.write('passes');
    await pair.client.got(6);
    await bench.must('DELETE', toxicPath);
    return { received: pair.client.text, client: (await pair.client.ended(400)).how };
  }),

  must(94, 'a reset of all closes what a timeout holds', async (bench) => {
    const pair = await through(bench, timeout(0));
    pair.server.write('lost');
    await pause(50);
    const from = performance.now();
    await bench.must('POST', '/reset');
    const { at } = await pair.client.ended();
    return { after: ms(0, at - from), ...(await ends(pair)) };
  }),

  must(95, 'reset_peer resets both ends at the first byte of the answer', async (bench) => {
    const pair = await through(bench, resetPeer(0));
    await pause(100);
    pair.client.write('request');
    await pair.server.got(7);
    pair.server.write('answer');
    return { ...(await ends(pair)), request: pair.server.text, received: `${pair.client.count} B` };
  }),

  must(96, 'reset_peer waits its timeout from the first byte, which is dropped', async (bench) => {
    const pair = await through(bench, resetPeer(300));
    const from = performance.now();
    pair.server.write('answer');
    await pause(150);
    pair.server.write('more');
    pair.client.write('request');
    const { at } = await pair.client.ended();
    return {
      after: ms(300, at - from),
      ...(await ends(pair)),
      received: `${pair.client.count} B`,
      request: pair.server.text,
    };
  }),

  quirk(97, 'reset_peer on a connection that is idle from the beginning', async (bench) => {
    const server = await bench.server();
    const immediate = await bench.pair(await bench.proxy(server.port, [resetPeer(0)]), server);
    const later = await bench.pair(await bench.proxy(server.port, [resetPeer(100)], { name: 'q' }), server);
    return {
      'timeout 0': (await immediate.client.ended(400)).how,
      'timeout 100': (await later.client.ended(400)).how,
    };
  }),

  quirk(98, 'reset_peer on a connection that was open before', async (bench) => {
    const pair = await through(bench);
    await bench.toxic(resetPeer(0));
    const idle = await pair.client.ended(200);
    if (idle.how === 'open') pair.server.write('answer');
    return { idle: idle.how, ...(await ends(pair)), received: `${pair.client.count} B` };
  }),

  quirk(99, 'an orderly close under a reset_peer that does not apply', async (bench) => {
    const pair = await through(bench, resetPeer(0, { toxicity: 0 }));
    pair.server.write('data');
    await pair.client.got(4);
    pair.server.end();
    const later = await bench.server();
    const gone = await bench.pair(
      await bench.proxy(later.port, [resetPeer(0, { toxicity: 0 })], { name: 'q' }),
      later,
    );
    await bench.must('DELETE', '/proxies/q/toxics/t');
    gone.server.end();
    const disabled = await bench.pair(
      await bench.proxy(later.port, [resetPeer(0, { toxicity: 0 })], { name: 'r' }),
      later,
    );
    await bench.must('POST', '/proxies/r', { enabled: false });
    return {
      received: pair.client.text,
      client: (await pair.client.ended()).how,
      'toxic deleted': (await gone.client.ended()).how,
      'proxy disabled': (await disabled.client.ended()).how,
    };
  }),

  must(102, 'limit_data lets so many bytes pass and closes', async (bench) => {
    const parts = await through(bench, limitData(10));
    parts.server.write('12345');
    await parts.client.got(5);
    const { open } = parts.client;
    parts.server.write('67890');
    const partsEnd = await ends(parts);
    await bench.must('DELETE', '/proxies/p');
    const whole = await through(bench, limitData(10));
    whole.server.write('123456789012345');
    const wholeEnd = await ends(whole);
    return {
      'after 5': open ? 'open' : 'closed',
      'after 10': `${parts.client.text}, ${partsEnd.client}, ${partsEnd.server}`,
      '15 at once': `${whole.client.text}, ${wholeEnd.client}`,
    };
  }),

  must(103, 'limit_data 0 closes at the first byte', async (bench) => {
    const pair = await through(bench, limitData(0));
    const idle = await pair.client.ended(300);
    pair.server.write('x');
    return { idle: idle.how, client: (await ends(pair)).client, received: `${pair.client.count} B` };
  }),

  must(104, 'limit_data counts on when it is raised', async (bench) => {
    const pair = await through(bench, limitData(10));
    pair.server.write('12345678');
    await pair.client.got(8);
    await bench.must('PATCH', toxicPath, { attributes: { bytes: 12 } });
    pair.server.write('90123456');
    return { client: (await ends(pair)).client, received: pair.client.text };
  }),

  must(105, 'limit_data counts from when it was added', async (bench) => {
    const pair = await through(bench);
    pair.server.write('before');
    await pair.client.got(6);
    await bench.toxic(limitData(4));
    pair.server.write('12345');
    return { client: (await ends(pair)).client, received: pair.client.text };
  }),
];
