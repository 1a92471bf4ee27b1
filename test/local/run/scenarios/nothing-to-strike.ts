/** For the runner's tests: faults that cannot strike, each for another reason. */
import { createServer } from 'node:net';
import { count, scenario, toxic } from 'shaketable';

scenario({
  id: 'fixtures/nothing-to-strike',
  title: 'A fault that touches nothing proves nothing',
  requirements: [],
  story: 'A wrong link, a trigger that never comes, a fault that is in force while nothing happens.',
  faults: {
    misspelt: { fault: toxic({ type: 'latency', attributes: { latency: 100 } }), link: 'agent→sever' },
    'too-late': {
      fault: toxic({ type: 'silence_accept' }),
      link: 'agent→server',
      from: { event: { kind: 'subject.note', name: 'never' } },
    },
    idle: { fault: toxic({ type: 'blackhole', stream: 'upstream' }), link: 'agent→server' },
  },
  play: async (table) => {
    const server = createServer().listen(0, '127.0.0.1');
    table.serve({ [Symbol.asyncDispose]: async () => void server.close() });
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await table.link('agent→server', { host: '127.0.0.1', port });
    table.note('looked', { ok: table.subject === 'hardened' });
  },
  checks: {
    ok: count('the subject is fine', {
      of: { kind: 'subject.note', name: 'looked', ok: false },
      given: { kind: 'subject.note', name: 'looked' },
      atMost: 0,
    }),
  },
  reported: ['ok'],
});
