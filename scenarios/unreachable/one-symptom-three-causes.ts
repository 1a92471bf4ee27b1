/** R2.7: a slow network, an overloaded server and a slow database look the same to an agent that waits in vain. */
import { count, each, type Matcher, occupyServer, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { curl } from '../rigs/curl.ts';
import { startReference } from '../rigs/reference.ts';
import { failedOperations, goodHeartbeats } from '../rigs/unreachable.ts';

const workers = 4;
const causes = ['slow-network', 'overloaded', 'slow-database'] as const;
const recoveries = {
  kind: 'agent.log',
  event: 'operation_recovered',
  operation: 'heartbeat',
} satisfies Matcher;

/** While `fault` holds, every final record names this cause. */
function blames(fault: (typeof causes)[number], probableCause: string, title: string) {
  return each(title, {
    of: failedOperations,
    has: { category: 'timeout', probableCause },
    given: { kind: 'fault.strike', fault },
    during: fault,
  });
}

scenario({
  id: 'unreachable/one-symptom-three-causes',
  title: 'Three causes of the same time-out are told apart',
  requirements: ['R2.7'],
  story:
    'A heartbeat times out three times, for three different reasons: the network has become slow, other clients hold all ' +
    'workers of the server, the database has become slow. The report lists them side by side and leaves it to the operator ' +
    'to find out. The agent can look: how long it takes to get to the server, and what the server says of its database and ' +
    'its load. Its record has to name the cause that is the true one each time.',
  fastPace: 4,
  faults: {
    'slow-network': {
      fault: toxic({ type: 'latency', attributes: { latency: 12_000 } }),
      link: 'agent→server',
      from: 'manual',
    },
    overloaded: {
      fault: occupyServer({
        requests: workers,
        path: '/api/fleet/report',
        tokenFrom: 'SELECT client_token FROM {schema}.clients',
      }),
      link: 'others→server',
      from: 'manual',
    },
    'slow-database': {
      fault: toxic({ type: 'latency', attributes: { latency: 12_000 } }),
      link: 'server→mysql',
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table, { env: { MAX_CONCURRENT_REQUESTS: String(workers) } });
    await table.link('others→server', { host: '127.0.0.1', port: reference.server.port });
    const env = {
      HEARTBEAT_INTERVAL: '1',
      REQUEST_TIMEOUT: '5',
      CONNECT_TIMEOUT: '5',
      RETRY_ATTEMPTS: '1',
    };
    const start = (name: string) => startAgent(table, reference, { name, env });
    // The first requests of all take their time; where one takes too long, the agent is started again, as services are.
    await curl(table, reference);
    await start('agent-001').catch(() => start('agent-002'));
    await table.until(goodHeartbeats, { withinMs: 30_000 });
    // The naive agent has no time-out: what it has to say it says in the time that one takes.
    const [withinMs, over] = table.subject === 'naive' ? [8_000, goodHeartbeats] : [40_000, recoveries];
    for (const fault of causes) {
      await table.inject(fault);
      await table.until(failedOperations, { nth: table.count(failedOperations) + 1, withinMs });
      await table.lift(fault);
      await table.until(over, { nth: table.count(over) + 1, withinMs: 40_000 });
    }
  },
  checks: {
    'slow-network': blames('slow-network', 'slow_network', 'a slow network is called that'),
    'server-overloaded': blames('overloaded', 'server_overloaded', 'an overloaded server is called that'),
    'slow-database': blames('slow-database', 'slow_database', 'a slow database is called that'),
    recovers: count('the heartbeat recovers after each of them', {
      of: recoveries,
      given: { kind: 'fault.strike', fault: 'slow-database' },
      atLeast: causes.length,
      unit: 'recoveries',
    }),
  },
  reported: ['slow-network', 'server-overloaded', 'slow-database'],
  anySubject: {
    needs: ['stays'],
    part: (subject) =>
      course(subject, {
        fault: toxic({ type: 'latency', attributes: { latency: 40_000 } }),
        lastsMs: 90_000,
        checks: ['tells', 'back-off', 'duplicates', 'noise', 'recovers'],
      }),
  },
});
