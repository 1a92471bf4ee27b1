/** undici's Pool under its RetryAgent, as its documentation has them, while anything may happen to the connections. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { burst, each, exploration, honestClaims, type Table } from 'shaketable';
import { type Dispatcher, Pool, RetryAgent } from 'undici';

const link = 'client→server';
const calls = { kind: 'subject.note', name: 'call' } as const;
const stored = { kind: 'subject.note', name: 'stored' } as const;

/** A document that takes more than one segment. */
const document = Buffer.from(Array.from({ length: 200_000 }, (_, at) => at % 251));
const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Calls have a phase of their own. */
const everyMs = 1_370;
/** Time-outs of the pool, milliseconds. */
const patienceMs = 3_000;

export default exploration({
  id: 'explore/libraries/undici',
  title: 'undici’s Pool and RetryAgent tell the truth, end in time and come back',
  faults: { links: { [link]: 'http' } },
  stormMs: 15_000,
  quietMs: 60_000,
  // undici has the clock of its process.
  fastPace: 1,
  async subject(table, storm) {
    const { host, port } = await table.link(link, await startStore(table));
    const pool = new Pool(`http://${host}:${port}`, {
      connections: 4,
      headersTimeout: patienceMs,
      bodyTimeout: patienceMs,
      connectTimeout: patienceMs,
    });
    const client = new RetryAgent(pool);
    table.use({ [Symbol.asyncDispose]: () => pool.destroy() });
    const call = async (
      id: string,
      options: Pick<Dispatcher.RequestOptions, 'method' | 'path'>,
    ): Promise<void> => {
      const begun = table.clock.now();
      const told = await client
        .request({ ...options, ...(options.method === 'PUT' && { body: id }) })
        .then(async ({ statusCode, body }) => {
          const bytes = await body.bytes();
          return { status: statusCode < 300 ? 'done' : 'refused', statusCode, digest: digestOf(bytes) };
        })
        .catch((error: { code?: string }) => ({ status: 'failed', code: error.code ?? String(error) }));
      table.note(calls.name, { id, method: options.method, ...told, waitedMs: table.clock.now() - begun });
    };
    const weather = storm();
    const underWay: Promise<void>[] = [];
    for (let number = 1; weather.rages; number += 1) {
      underWay.push(call(`put-${number}`, { method: 'PUT', path: `/events/put-${number}` }));
      underWay.push(call(`get-${number}`, { method: 'GET', path: '/document' }));
      await table.sleep(everyMs);
    }
    await weather.over();
    await Promise.race([Promise.all(underWay), table.sleep(55_000)]);
    for (let number = 1; number <= 3; number += 1)
      await call(`quiet-${number}`, { method: 'PUT', path: `/events/quiet-${number}` });
    table.note('under way', { asked: underWay.length });
    await weather.settled();
  },
  invariants: {
    'honest-claims': honestClaims('what is said to be stored is', {
      claims: { ...calls, method: 'PUT', status: 'done' },
      received: stored,
      key: 'id',
      given: calls,
    }),
    'whole-documents': each('a document that is said to be there is the whole document', {
      of: { ...calls, method: 'GET', status: 'done' },
      has: { digest: digestOf(document) },
      given: calls,
    }),
    'ends-in-time': each('each call ends within a minute', {
      of: calls,
      has: { waitedMs: { atMost: 60_000 } },
      given: calls,
    }),
    'comes-back': each('after the storm calls are answered', {
      of: { ...calls, id: { matches: '^quiet' } },
      has: { status: 'done' },
      given: { ...calls, id: { matches: '^quiet' } },
    }),
    'no-hammering': burst('it does not connect more than 20 times in two seconds', {
      of: { kind: 'connection.open', link },
      withinMs: 2_000,
      atMost: 20,
      unit: 'connections',
    }),
  },
  sometimes: {
    'a call that fails': { ...calls, status: 'failed' },
    'a call that is done late': { ...calls, status: 'done', waitedMs: { atLeast: 500 } },
  },
});

/** Stores events, and has a document. */
async function startStore(table: Table): Promise<{ host: string; port: number }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.method !== 'PUT') return response.setHeader('etag', '"one"').end(document);
      table.note(stored.name, { id: request.url?.split('/').at(-1) ?? '' });
      return response.writeHead(204).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  table.serve({
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}
