/** A program within the lab’s own process that does not come back from one of two faults, once it is told to. */
import { count, refuseConnections, scenario, toxic } from 'shaketable';

const met = { kind: 'subject.note', name: 'met' } as const;
const works = { kind: 'subject.note', name: 'works' } as const;

scenario({
  id: 'scenarios/spins',
  title: 'It works on after what it met',
  requirements: [],
  story: 'A program within this process meets two faults, and does not work afterwards.',
  subjects: ['naive'],
  fastPace: 1,
  faults: {
    refused: { fault: refuseConnections(), link: 'agent→server', from: 'manual' },
    slow: {
      fault: toxic({ type: 'latency', attributes: { latency: 5 } }),
      link: 'agent→server',
      from: 'manual',
    },
  },
  play: async (table) => {
    await table.link('agent→server', { host: '127.0.0.1', port: 9 });
    table.note(met.name);
    if (process.env.SPINS !== undefined) for (;;) Math.random();
  },
  checks: { works: count('it works afterwards', { of: works, given: met, atLeast: 1 }) },
});
