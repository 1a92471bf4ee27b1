/** R2.5 R2.13: the server has forgotten the agent. */
import { atOnce, changeRows, count, each, followed, type Matcher, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course, refusedWith } from '../rigs/any-subject.ts';
import { answers, curl, testPath } from '../rigs/curl.ts';
import { startReference } from '../rigs/reference.ts';
import { errorRecords, goodHeartbeats } from '../rigs/unreachable.ts';

const unknown = {
  kind: 'server.log',
  event: 'request',
  status: 404,
  path: { not: testPath },
} satisfies Matcher;
const unknownTo = (route: string) => ({ ...unknown, route: `/api/agents/:id/${route}` }) satisfies Matcher;
const registered = { kind: 'server.log', event: 'agent_registered' } satisfies Matcher;
const agents = { kind: 'database.rows', query: 'agent' } satisfies Matcher;

scenario({
  id: 'unreachable/agent-row-deleted',
  title: 'An agent that the server does not know any more registers again',
  requirements: ['R2.5', 'R2.13'],
  story:
    'The row of a running agent is deleted, as the troubleshooting guide itself recommends. From then on its heartbeats are ' +
    'answered 404. As reported, the agent goes on with the old id for ever, until somebody restarts it. It should register ' +
    'again under its logical id and go on with the new one, without an alarm. Its loops find out at the same time, on a slow ' +
    'network, and share one registration.',
  fastPace: 10,
  faults: {
    slow: {
      fault: toxic({ type: 'latency', attributes: { latency: 1_500 } }),
      link: 'agent→server',
      from: 'manual',
    },
    deleted: {
      fault: changeRows({
        kind: 'agent_deleted',
        apply: "DELETE FROM {schema}.agents WHERE logical_agent_id = 'agent-001'",
        struckBy: unknown,
      }),
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    await startAgent(table, reference, {
      env: {
        HEARTBEAT_INTERVAL: '30',
        PENDING_COMMANDS_CHECK_INTERVAL: '30',
        CONNECT_TIMEOUT: '120',
        REQUEST_TIMEOUT: '120',
      },
    });
    await table.until(goodHeartbeats, { withinMs: 60_000 });
    table.poll('agent', "SELECT * FROM {schema}.agents WHERE logical_agent_id = 'agent-001'", 1_000);
    await table.inject('slow');
    await table.inject('deleted');
    await curl(table, reference);
    await table.until(unknown, { withinMs: 60_000 });
    await table.until(goodHeartbeats, { nth: table.count(goodHeartbeats) + 2, withinMs: 60_000 });
  },
  checks: {
    'answer-word-for-word': each('the server answers as in the report', {
      of: answers,
      has: { status: 404, body: '{"error":"Agent not found"}' },
      given: answers,
    }),
    'row-is-gone': count('the guide’s query finds no such agent at first', {
      of: { ...agents, 'rows.0.id': { exists: false }, rows: { exists: true } },
      given: agents,
      atLeast: 1,
      unit: 'looks',
    }),
    'registers-again': followed('a heartbeat that was answered 404 is followed by a registration', {
      each: unknown,
      by: registered,
      onlyFirst: true,
    }),
    'registers-once': count('however many requests were answered 404, there is one registration', {
      of: registered,
      since: { kind: 'fault.installed', fault: 'deleted' },
      given: unknown,
      atLeast: 1,
      atMost: 1,
      unit: 'registrations',
    }),
    'goes-on': followed('and by heartbeats that are accepted', {
      each: unknown,
      by: goodHeartbeats,
      onlyFirst: true,
    }),
    'in-line': atOnce('two requests at a time share a connection: the second waits for the first', {
      of: { kind: 'tls.client-hello', link: 'agent→server' },
      ends: { kind: 'connection.close', link: 'agent→server' },
      by: ['connection'],
      since: { kind: 'fault.installed', fault: 'slow' },
      atMost: 1,
      unit: 'connections',
    }),
    'no-more-404': count('the old id is used for no more heartbeats', {
      of: unknownTo('heartbeat'),
      given: unknown,
      atMost: 1,
      unit: 'requests answered 404',
    }),
    'no-more-polls': count('nor for polls', {
      of: unknownTo('commands'),
      given: unknown,
      atMost: 1,
      unit: 'requests answered 404',
    }),
    'row-is-back': count('the database has the agent again, online', {
      of: { ...agents, 'rows.0.status': 'online', 'rows.0.logical_agent_id': 'agent-001' },
      given: agents,
      since: unknown,
      atLeast: 1,
      unit: 'looks',
    }),
    'no-alarm': count('the log says what happened, and not as an ERROR', {
      of: errorRecords,
      given: unknown,
      atMost: 0,
      unit: 'ERROR records',
    }),
  },
  reported: ['registers-again', 'goes-on', 'no-more-404', 'row-is-back', 'no-alarm'],
  anySubject: {
    needs: ['requests', 'stays'],
    part: (subject) =>
      course(subject, {
        open: true,
        fault: refusedWith(404, 'Agent not found'),
        lastsMs: 30_000,
        checks: ['tells', 'noise', 'recovers'],
      }),
  },
});
