/** R2.7: a slow network, an overloaded server and a slow database look the same to an agent that waits in vain. */
import { count, each, latency, type Matcher, occupyServer, scenario } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { curl } from '../rigs/curl.ts';
import { startReference } from '../rigs/reference.ts';
import { failedOperations, goodHeartbeats } from '../rigs/unreachable.ts';

const workers = 4;

const causes = ['slow-network', 'overloaded', 'slow-database'] as const;

/** The final records of the time in which one of them held name it. */
function blames(probableCause: string) {
  return (fault: string, title: string) =>
    each(title, {
      of: failedOperations,
      has: { category: 'timeout', probableCause },
      given: struck(fault),
      during: fault,
    });
}

const struck = (fault: string): Matcher => ({ kind: 'fault.strike', fault });

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
    'slow-network': { fault: latency({ latencyMs: 12_000 }), link: 'agent→server', from: 'manual' },
    overloaded: {
      fault: occupyServer({
        requests: workers,
        path: '/api/fleet/report',
        tokenFrom: 'SELECT client_token FROM {schema}.clients',
      }),
      link: 'others→server',
      from: 'manual',
    },
    'slow-database': { fault: latency({ latencyMs: 12_000 }), link: 'server→mysql', from: 'manual' },
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
    await curl(table, reference);
    await startAgent(table, reference, { env });
    await table.until(goodHeartbeats, { withinMs: 30_000 });
    // The naive agent has no time-out: what it has to say it says in the time that one takes.
    const withinMs = table.subject === 'naive' ? 8_000 : 40_000;
    for (const fault of causes) {
      await table.inject(fault);
      await table.until(failedOperations, { nth: table.count(failedOperations) + 1, withinMs });
      await table.lift(fault);
      await table.until(goodHeartbeats, { nth: table.count(goodHeartbeats) + 1, withinMs: 15_000 });
    }
  },
  checks: {
    'slow-network': blames('slow_network')('slow-network', 'a slow network is called that'),
    'server-overloaded': blames('server_overloaded')('overloaded', 'an overloaded server is called that'),
    'slow-database': blames('slow_database')('slow-database', 'a slow database is called that'),
    recovers: count('the heartbeat recovers after each of them', {
      of: { kind: 'agent.log', event: 'operation_recovered', operation: 'heartbeat' },
      given: struck('slow-database'),
      atLeast: causes.length,
      unit: 'recoveries',
    }),
  },
  reported: ['slow-network', 'server-overloaded', 'slow-database'],
});
