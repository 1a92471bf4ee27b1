/** What may happen to an outbox: `shaketable explore docs/examples/explore-outbox.ts`. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exploration, noMissing, oneEffectEach, type Table } from 'shaketable';
import { Outbox } from './outbox.ts';

const received = { kind: 'subject.note', name: 'received' } as const;

export default exploration({
  id: 'examples/outbox',
  title: 'Every event arrives once, whatever happens to the connections',
  faults: { links: { 'outbox→collector': 'http' } },
  stormMs: 15_000,
  quietMs: 15_000,
  // The outbox has the clock of its process: in a world of real time it cannot go faster.
  fastPace: 1,
  async subject(table, storm) {
    const collector = await startCollector(table);
    const link = await table.link('outbox→collector', collector);
    const outbox = new Outbox(link, (event) => table.note('delivered', { event }));
    const weather = storm();
    for (let event = 1; weather.rages; event += 1) {
      outbox.post(event);
      await table.sleep(730);
    }
    await weather.settled();
  },
  invariants: {
    'nothing-lost': noMissing('every event arrives', { of: received, field: 'event' }),
    'nothing-doubled': oneEffectEach('every event arrives once', { effects: received, key: 'event' }),
  },
  sometimes: {
    'a connection that ends': { kind: 'connection.close', link: 'outbox→collector' },
  },
});

/** Takes events, and notes each. */
async function startCollector(table: Table): Promise<{ host: string; port: number }> {
  const server = createServer(async (request, response) => {
    table.note('received', { event: Number(await text(request)) });
    response.writeHead(204).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  table.serve({
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  });
  const { port } = server.address() as AddressInfo;
  return { host: '127.0.0.1', port };
}
