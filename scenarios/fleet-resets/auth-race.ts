/** R1.6: 200 and 401 a few milliseconds apart, for the same token. */
import { count, distinct, each, followed, latency, scenario, type Table } from 'shaketable';
import { type AgentTarget, createAgent } from '../rigs/agent.ts';
import { reportRequests } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const refused = { kind: 'server.log', event: 'request', status: 401 };
const fleet = Array.from({ length: 12 }, (_, index) => `agent-${index + 1}`);

/** Starts an agent as a service manager does: one that gives up at its start, where the race is met too, is started again. */
async function startWithManager(table: Table, target: AgentTarget, name: string): Promise<void> {
  for (let start = 1; start <= 5; start += 1) {
    const options = { name: `${name}-${start}`, env: { FLEET_REPORT_INTERVAL: '20' } };
    const agent = await createAgent(table, target, options);
    const isUp = await agent.start().then(
      () => true,
      () => false,
    );
    if (isUp) return;
  }
}

scenario({
  id: 'fleet-resets/auth-race',
  title: 'One 401 among many 200s is not taken for a lost account',
  requirements: ['R1.6'],
  story:
    'The server keeps client tokens in memory and renews them in place: it empties the table, then asks the database. A ' +
    'request that comes in between gets 401 although its token is good, a few milliseconds after another got 200. The agent ' +
    'has to keep its token, stay ONLINE, and not raise the alarm for a refusal that the next cycle does not confirm.',
  fastPace: 10,
  faults: {
    'slow-lookup': { fault: latency({ latencyMs: 1_000 }), link: 'server→mysql', from: 'manual' },
  },
  play: async (table) => {
    const reference = await startReference(table, {
      env: { AUTH_CACHE_TTL: '5', AUTH_CACHE_REFRESH: 'in_place' },
    });
    for (const name of fleet) await startWithManager(table, reference, name);
    table.poll(
      'machines',
      `SELECT COUNT(*) AS seen, MIN(TIMESTAMPDIFF(MICROSECOND, last_seen, :now) / 1e6 < 60) AS online FROM {schema}.machines`,
      5_000,
    );
    await table.inject('slow-lookup');
    await table.until(refused, { nth: table.count(refused) + 1, withinMs: 120_000 });
    await table.lift('slow-lookup');
    for (const name of fleet) {
      const report = { ...reportRequests, status: 200, machineId: { matches: `^${name}-` } };
      await table.until(report, { nth: table.count(report) + 1, withinMs: 60_000 });
    }
  },
  checks: {
    'race-happened': followed('a request with the same token succeeds right after a refused one', {
      each: refused,
      by: { ...reportRequests, status: 200 },
      withinMs: 60_000,
    }),
    'token-is-kept': distinct('every machine goes on reporting with the same token', {
      of: { ...reportRequests, status: 200 },
      field: 'machineId',
      since: refused,
      atLeast: fleet.length,
    }),
    'no-alarm': count('a refusal that is not confirmed is no ERROR', {
      of: { kind: 'agent.log', level: { anyOf: ['error', 'fatal'] } },
      since: { kind: 'fault.installed', fault: 'slow-lookup' },
      given: refused,
      atMost: 0,
      unit: 'ERROR records',
    }),
    'stays-online': each('every machine stays ONLINE', {
      of: { kind: 'database.rows', query: 'machines', 'rows.0.seen': { atLeast: 1 } },
      has: { 'rows.0.online': 1 },
      given: refused,
    }),
  },
  reported: ['no-alarm'],
});
