/**
 * A first scenario: a server whose answers disappear, and a client that waits for them. It is played twice, with the same fault:
 *
 * - `naive` is the client with the bug, and has to fail the checks named in `reported`;
 * - `hardened` is the client with the fix, and has to pass all of them.
 *
 * Put your own client in the place of `call`, and what goes wrong in the field in the place of the fault.
 */
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { followed, type Matcher, scenario, toxic } from 'shaketable';

const asked = { kind: 'subject.note', name: 'asked' } satisfies Matcher;
const ended = { kind: 'subject.note', name: 'ended' } satisfies Matcher;

scenario({
  id: 'first-scenario',
  title: 'A call whose answer disappears ends in time',
  requirements: [],
  story: 'A firewall drops the answers of a server. A client that sets no limit never hears of it.',
  // No database is started for it. Leave this out, and `await table.database()` gives a MySQL or MariaDB schema.

  // Faults hold on links: connections that go through the fault proxy.
  faults: {
    silence: { fault: toxic({ type: 'blackhole' }), link: 'client→server' },
  },

  play: async (table) => {
    // The server; yours may be a program of its own: table.process(…).
    const server = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    table.serve({ [Symbol.asyncDispose]: async () => void server.close() });
    const { port } = server.address() as AddressInfo;

    // The client talks to the link instead of the server.
    const link = await table.link('client→server', { host: '127.0.0.1', port });
    const limit = new AbortController();
    if (table.subject === 'hardened') void table.sleep(5_000).then(() => limit.abort());
    table.note('asked');
    const call = get({ host: link.host, port: link.port, agent: false, signal: limit.signal });
    call.on('error', (error) => table.note('ended', { error: error.message }));
    table.use({ [Symbol.asyncDispose]: async () => void call.destroy() });

    // 20 s of lab time, which runs 20 times as fast as the wall clock.
    await table.until(ended, { withinMs: 20_000 });
  },

  // Checks read the journal: what crossed the link, what was noted, when the fault struck.
  checks: {
    'ends-in-time': followed('every call ends within its limit', {
      each: asked,
      by: ended,
      withinMs: 8_000,
    }),
  },
  reported: ['ends-in-time'],
});
