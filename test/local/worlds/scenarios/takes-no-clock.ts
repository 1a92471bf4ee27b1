/** A client as people write it: `fetch`, `setTimeout` and `Date`, and nothing passed in. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { count, scenario, toxic } from 'shaketable';

const answered = { kind: 'subject.note', name: 'answered' } as const;

scenario({
  id: 'takes-no-clock',
  title: 'A client asks once a minute for three quarters of an hour',
  requirements: [],
  story: 'It was written without a thought of tests.',
  subjects: ['client'],
  faults: {
    resets: {
      fault: toxic({ type: 'reset_peer', attributes: { timeout: 0 } }),
      link: 'client→server',
      from: { afterMs: 600_000 },
      until: { afterMs: 300_000 },
    },
  },
  play: async (table) => {
    const server = createServer((_request, response) => response.end(new Date().toISOString()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    table.serve({ [Symbol.asyncDispose]: async () => void server.close() });
    const { host, port } = await table.link('client→server', {
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
    });
    const begun = Date.now();
    for (let minute = 1; minute <= 45; minute += 1) {
      await fetch(`http://${host}:${port}/`)
        .then((answer) => answer.text())
        .then((text) => table.note('answered', { minute, serverTime: text, took: Date.now() - begun }))
        .catch((error: Error) => table.note('failed', { minute, why: String(error.cause) }));
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    }
  },
  checks: {
    answers: count('most are answered', { of: answered, given: answered, atLeast: 36, atMost: 42 }),
    fails: count('those in the five minutes of resets fail', {
      of: { kind: 'subject.note', name: 'failed' },
      given: answered,
      atLeast: 4,
    }),
  },
});
