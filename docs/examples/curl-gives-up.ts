/** Any program, judged alone: `shaketable run docs/examples/curl-gives-up.ts`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { count, scenario, toxic } from 'shaketable';

scenario({
  id: 'examples/curl-gives-up',
  title: 'curl gives up on a server that falls silent',
  requirements: [],
  story:
    'The answers of a server disappear on the way. curl is told to wait for a second, and has to end then, with its code 28.',
  subjects: ['curl'],
  fastPace: 1, // curl counts real seconds.
  faults: {
    silence: { fault: toxic({ type: 'blackhole' }), link: 'curl→server' },
  },
  play: async (table) => {
    const server = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    table.serve({ [Symbol.asyncDispose]: async () => void server.close() });
    const { port } = server.address() as AddressInfo;
    const link = await table.link('curl→server', { host: '127.0.0.1', port });

    const { exited } = await table.process('curl', {
      command: 'curl',
      args: ['--no-progress-meter', '--max-time', '1', `http://${link.host}:${link.port}/`],
    });
    await exited;
  },
  checks: {
    'gives-up': count('curl ends with its time-out', {
      of: { kind: 'process.exit', process: 'curl', code: 28, ranMs: { atLeast: 900, atMost: 10_000 } },
      given: { kind: 'process.exit' },
      atLeast: 1,
    }),
    'says-why': count('and says so', {
      of: { kind: 'process.output', stream: 'stderr', line: { matches: 'timed out' } },
      given: { kind: 'process.exit' },
      atLeast: 1,
    }),
  },
});
