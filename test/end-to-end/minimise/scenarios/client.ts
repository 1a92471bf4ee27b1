/** A client in the lab's own process, which stops for good when a refused connection was followed by a 503: neither alone does it any harm. */
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { count, type Link, refuseConnections, scenario, type Table, toxic } from 'shaketable';

const everyMs = 2_000;
const holdsMs = 1_800;

const kinds = {
  sluggish: toxic({ type: 'latency', attributes: { latency: 100 } }),
  limited: toxic({ type: 'http_status', attributes: { status: 429 } }),
  refused: refuseConnections(),
  'bad-gateway': toxic({ type: 'http_status', attributes: { status: 502 } }),
  reset: toxic({ type: 'reset_peer' }),
  unauthorised: toxic({ type: 'http_status', attributes: { status: 401 } }),
  silence: toxic({ type: 'blackhole', stream: 'both' }),
  pieces: toxic({ type: 'slicer', attributes: { average_size: 40, size_variation: 5, delay: 100 } }),
  unavailable: toxic({ type: 'http_status', attributes: { status: 503 } }),
  'lost-answer': toxic({ type: 'http_lose_answer', attributes: { action: 'close' } }),
  late: toxic({ type: 'http_delay', attributes: { delay: 300 } }),
  narrow: toxic({ type: 'bandwidth', attributes: { rate: 50 } }),
};

scenario({
  id: 'client',
  title: 'A client works again after a storm',
  requirements: [],
  story:
    'Twelve faults come one after the other, a short while each; the story puts every second one in force itself.',
  worlds: ['local'],
  subjects: ['client'],
  fastPace: 10,
  faults: Object.fromEntries(
    Object.entries(kinds).map(([id, fault], index) => [
      id,
      index % 2 === 0
        ? { fault, link: 'client→server', from: 'manual' as const }
        : {
            fault,
            link: 'client→server',
            from: { event: { kind: 'connection.open' as const }, delayMs: index * everyMs },
            until: { afterMs: holdsMs },
          },
    ]),
  ),
  play: async (table) => {
    const link = await table.link('client→server', await startServer(table));
    const client = table.use(startClient(table, link));
    for (const [index, id] of Object.keys(kinds).entries()) {
      if (index % 2 === 0) await table.inject(id);
      await table.sleep(holdsMs);
      if (index % 2 === 0) await table.lift(id);
      await table.sleep(everyMs - holdsMs);
    }
    const before = client.answers();
    await table.sleep(4_000);
    table.note('calm', { answers: client.answers() - before });
  },
  checks: {
    'works-again': count('it works again once the storm is over', {
      of: { kind: 'subject.note', name: 'calm', answers: { atLeast: 1 } },
      given: { kind: 'subject.note', name: 'calm' },
      atLeast: 1,
    }),
  },
});

async function startServer(table: Table): Promise<{ host: string; port: number }> {
  const server = http.createServer((request, response) => {
    request.resume();
    response.end('{"accepted":true}');
  });
  table.serve({
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

function startClient(table: Table, { host, port }: Link) {
  const over = new AbortController();
  let answers = 0;
  const ask = async (): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(100)]);
    http.get({ host, port, agent: false, signal }, resolve).on('error', reject);
    const response = await promise;
    await text(response);
    return response.statusCode ?? 0;
  };
  const works = async (): Promise<void> => {
    let wasRefused = false;
    while (!over.signal.aborted) {
      const outcome = await ask().catch((error: NodeJS.ErrnoException) => error.code ?? error.name);
      if (outcome === 200) answers += 1;
      if (outcome === 'ECONNREFUSED') wasRefused = true;
      if (wasRefused && outcome === 503) return;
      await table.clock.sleep(200, over.signal).catch(() => {});
    }
  };
  const working = works();
  return {
    answers: () => answers,
    async [Symbol.asyncDispose]() {
      over.abort();
      await working;
    },
  };
}
