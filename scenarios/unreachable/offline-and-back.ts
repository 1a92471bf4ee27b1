/** R2.8 R2.13: an outage that lasts until the server has given the agent up, and the way back. */
import { count, each, followed, type Matcher, refuseConnections, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { startReference } from '../rigs/reference.ts';
import { errorRecords, goodHeartbeats } from '../rigs/unreachable.ts';

const looks = { kind: 'database.rows', query: 'agents', 'rows.0.id': { exists: true } } satisfies Matcher;
const offline = { ...looks, 'rows.0.status': 'offline' };
const online = { ...looks, 'rows.0.status': 'online' };
const outage = { kind: 'fault.installed', fault: 'outage' } satisfies Matcher;
const end = { kind: 'fault.lifted', fault: 'outage' } satisfies Matcher;

scenario({
  id: 'unreachable/offline-and-back',
  title: 'An agent is marked offline in an outage, and is back soon after, without a flood of records',
  requirements: ['R2.8', 'R2.13'],
  story:
    'The agent sends a heartbeat every 30 s; after 120 s of silence the server marks it offline. The network fails for ' +
    'longer than that, then works again. The database has to say online, offline, online. Meanwhile the agent’s log should ' +
    'tell of one outage: as reported, it fills with an ERROR for every connection that fails.',
  fastPace: 30,
  faults: { outage: { fault: refuseConnections(), link: 'agent→server', from: 'manual' } },
  play: async (table) => {
    const reference = await startReference(table, { env: { AGENT_HEARTBEAT_TIMEOUT: '120' } });
    const env = { HEARTBEAT_INTERVAL: '30', PENDING_COMMANDS_CHECK_INTERVAL: '15' };
    await startAgent(table, reference, { env });
    await table.until(goodHeartbeats, { withinMs: 60_000 });
    table.poll(
      'agents',
      `SELECT id, logical_agent_id, status, instance_id, last_heartbeat_at,
         TIMESTAMPDIFF(SECOND, last_heartbeat_at, :now) AS seconds_since_heartbeat
       FROM {schema}.agents WHERE client_id = '${reference.clientId}' ORDER BY last_heartbeat_at DESC`,
      5_000,
    );
    table.poll(
      'events',
      `SELECT event_type, agent_id FROM {schema}.system_events WHERE event_type = 'agent_offline'`,
      5_000,
    );
    await table.until(looks, { withinMs: 60_000 });
    await table.inject('outage');
    await table.until({ kind: 'fault.strike', fault: 'outage' }, { withinMs: 60_000 });
    await table.until(offline, { nth: table.count(offline) + 1, withinMs: 200_000 });
    await table.lift('outage');
    await table.until(online, { nth: table.count(online) + 1, withinMs: 120_000 });
  },
  checks: {
    'goes-offline': followed('the database marks the agent offline in the outage', {
      each: outage,
      by: { ...offline, 'rows.0.seconds_since_heartbeat': { atLeast: 120 } },
    }),
    'not-too-early': each('it is online as long as its heartbeat is not 120 s old', {
      of: { ...looks, 'rows.0.seconds_since_heartbeat': { atMost: 119 } },
      has: { 'rows.0.status': 'online' },
      given: outage,
    }),
    'comes-back': followed('it is online again within two heartbeats of the end of the outage', {
      each: end,
      by: online,
      withinMs: 75_000,
    }),
    'server-tells': followed('the server’s log tells of both changes', {
      each: { kind: 'server.log', event: 'agent_offline' },
      by: { kind: 'server.log', event: 'agent_online' },
    }),
    'event-is-kept': count('and the server keeps it for its operators', {
      of: { kind: 'database.rows', query: 'events', 'rows.0.agent_id': { exists: true } },
      given: end,
      atLeast: 1,
      unit: 'looks',
    }),
    'quiet-outage': count('the agent’s log tells of one outage, not of each connection', {
      of: errorRecords,
      given: outage,
      during: 'outage',
      atLeast: 1,
      atMost: 8,
      unit: 'ERROR records',
    }),
    'says-it-is-over': count('and of its end, once for each kind of work', {
      of: { kind: 'agent.log', event: 'operation_recovered' },
      given: end,
      after: 'outage',
      atLeast: 1,
      atMost: 2,
      unit: 'records',
    }),
  },
  reported: ['quiet-outage', 'says-it-is-over'],
  anySubject: {
    needs: ['stays'],
    part: (subject) =>
      course(subject, {
        fault: toxic({ type: 'blackhole' }),
        lastsMs: 150_000,
        checks: ['back-off', 'tells', 'noise', 'resources', 'recovers'],
      }),
  },
});
