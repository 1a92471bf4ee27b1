/** R1.6: 200 and 401 a few milliseconds apart, for the same token. */
import { count, distinct, each, followed, holdTable, type Matcher, scenario, toxic } from 'shaketable';
import { createAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { curl } from '../rigs/curl.ts';
import { reportRequests } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const refused = { kind: 'server.log', event: 'request', status: 401 } satisfies Matcher;
const fleet = ['agent-1', 'agent-2', 'agent-3'];

scenario({
  id: 'fleet-resets/auth-race',
  title: 'One 401 among many 200s is not taken for a lost account',
  requirements: ['R1.6'],
  except: { simulated: 'the database in memory has no locks' },
  story:
    'The server keeps client tokens in memory and renews them in place: it empties the table, then asks the database. A ' +
    'request that comes in between gets 401 although its token is good, a few milliseconds after another got 200. The agent ' +
    'has to keep its token, stay ONLINE, and not raise the alarm for a refusal that the next cycle does not confirm.',
  fastPace: 10,
  faults: {
    'slow-renewal': { fault: holdTable({ table: 'clients' }), from: 'manual' },
  },
  play: async (table) => {
    const reference = await startReference(table, {
      env: { AUTH_CACHE_TTL: '40', AUTH_CACHE_REFRESH: 'in_place' },
    });
    await curl(table, reference); // The first renewal is over before the fleet comes.
    for (const name of fleet) {
      const agent = await createAgent(table, reference, { name, env: { FLEET_REPORT_INTERVAL: '20' } });
      await agent.start();
    }
    table.poll(
      'machines',
      `SELECT COUNT(*) AS seen, MIN(TIMESTAMPDIFF(MICROSECOND, last_seen, :now) / 1e6 < 60) AS online FROM {schema}.machines`,
      5_000,
    );
    await table.inject('slow-renewal');
    // The first request after the tokens have expired waits for the table; the next one is refused.
    const refusal = { kind: 'server.log', event: 'auth_failed' } satisfies Matcher;
    await table.until(refusal, { nth: table.count(refusal) + 1, withinMs: 120_000 });
    // The server refuses as soon as its table is empty, which may be before its own query is in the database.
    await table.until({ kind: 'fault.strike', fault: 'slow-renewal' }, { withinMs: 60_000 });
    await table.lift('slow-renewal');
    for (const machineId of fleet) {
      const report = { ...reportRequests, status: 200, machineId };
      await table.until(report, { nth: table.count(report) + 1, withinMs: 90_000 });
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
      since: { kind: 'fault.installed', fault: 'slow-renewal' },
      given: refused,
      atMost: 0,
      unit: 'ERROR records',
    }),
    'survived-quietly': count('and no WARNING either', {
      of: { kind: 'agent.log', level: { anyOf: ['warn', 'error', 'fatal'] }, event: 'auth_refused' },
      since: { kind: 'fault.installed', fault: 'slow-renewal' },
      given: refused,
      atMost: 0,
      unit: 'records above DEBUG',
    }),
    'stays-online': each('every machine stays ONLINE', {
      of: { kind: 'database.rows', query: 'machines', 'rows.0.seen': { atLeast: 1 } },
      has: { 'rows.0.online': 1 },
      given: refused,
    }),
  },
  reported: ['no-alarm'],
  anySubject: {
    needs: ['requests', 'stays'],
    part: (subject) =>
      course(subject, {
        open: true,
        fault: toxic({ type: 'http_status', attributes: { status: 401, every: 2 } }),
        strikes: 2,
        checks: ['duplicates', 'noise', 'recovers'],
      }),
  },
});
