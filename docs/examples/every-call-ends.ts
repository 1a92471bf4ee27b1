/** A scenario of one's own, with nothing from the lab's own services: `shaketable run docs/examples/every-call-ends.ts`. */
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { followed, type Matcher, scenario, toxic } from 'shaketable';

const asked = { kind: 'subject.note', name: 'asked' } satisfies Matcher;
const ended = { kind: 'subject.note', name: 'ended' } satisfies Matcher;

scenario({
  id: 'examples/every-call-ends',
  title: 'A call whose answer disappears ends in time',
  requirements: [],
  story: 'A firewall drops the answers of a server. A client that sets no limit never hears of it.',
  faults: {
    silence: { fault: toxic({ type: 'blackhole' }), link: 'client→server' },
  },
  play: async (table) => {
    const server = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    table.serve({ [Symbol.asyncDispose]: async () => void server.close() });
    const { port } = server.address() as AddressInfo;
    const link = await table.link('client→server', { host: '127.0.0.1', port });

    const limit = new AbortController();
    if (table.subject === 'hardened') void table.sleep(5_000).then(() => limit.abort());
    table.note('asked');
    const call = get({ host: link.host, port: link.port, agent: false, signal: limit.signal });
    call.on('error', (error) => table.note('ended', { error: error.message }));
    table.use({ [Symbol.asyncDispose]: async () => void call.destroy() });
    await table.until(ended, { withinMs: 20_000 });
  },
  checks: {
    'ends-in-time': followed('every call ends within its limit', {
      each: asked,
      by: ended,
      withinMs: 8_000,
    }),
  },
  reported: ['ends-in-time'],
});
