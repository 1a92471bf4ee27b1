/** R3.1: requests that hang, because nobody ever gives up on them. */
import { count, each, followed, type Matcher, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { answersOn, databaseLink, holdDatabase, soundAdapter } from '../rigs/any-adapter.ts';
import { course } from '../rigs/any-subject.ts';
import { startReference } from '../rigs/reference.ts';

const polls = {
  kind: 'server.log',
  event: 'request',
  path: { matches: '/commands$' },
  status: 200,
} satisfies Matcher;
const strikes = (fault: string) => ({ kind: 'fault.strike', fault }) satisfies Matcher;
const givenUp = { kind: 'connection.end', link: 'agent→server', side: 'client' } satisfies Matcher;

/** One attempt may take 10 s. The rest is for a busy machine, for which a second is 20 s of lab time. */
const boundMs = 32_000;

scenario({
  id: 'noise-and-leaks/every-request-ends',
  title: 'Every request ends, whatever becomes of its answer',
  requirements: ['R3.1'],
  story:
    'The agent polls for commands. Twice nothing comes back, and twice the answer begins at once and then trickles in, a ' +
    'piece a second, for minutes. An agent without time-outs waits for all four; each waits with a ' +
    'socket, and whoever waits for the agent waits as well. On the wire it shows which end gives up, and when.',
  faults: {
    silence: {
      fault: toxic({ type: 'silence_accept', only: { strikes: 2 } }),
      link: 'agent→server',
      from: 'manual',
    },
    slow: {
      fault: toxic({
        type: 'slicer',
        attributes: { average_size: 8_000, delay: 1_000_000 },
        // Not the connection of the last poll, which may be about to close.
        only: { nth: [1, 2] },
      }),
      link: 'agent→server',
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '2' } });
    await startAgent(table, reference, {
      env: { PENDING_COMMANDS_CHECK_INTERVAL: '5', REQUEST_TIMEOUT: '10', CONNECT_TIMEOUT: '10' },
    });
    await table.until(polls, { withinMs: 300_000 });
    await table.inject('silence');
    await table.until(strikes('silence'), { nth: 2, withinMs: 300_000 });
    await table.until(polls, { nth: table.count(polls) + 1, withinMs: 300_000 });
    const { server, schema } = reference.database;
    await server.query(
      `INSERT INTO ${schema.database}.commands (agent_id, command, arguments, created_at)
       SELECT id, 'install', JSON_OBJECT('script', REPEAT('echo\\n', 50000)), created_at FROM ${schema.database}.agents`,
    );
    await table.inject('slow');
    await table.until(strikes('slow'), { nth: 2, withinMs: 300_000 });
    await table.sleep(boundMs + 3_000);
  },
  checks: {
    'silence-ends': followed('a request without an answer is given up within its time', {
      each: strikes('silence'),
      by: givenUp,
      same: 'connection',
      withinMs: boundMs,
    }),
    'trickle-ends': followed('an answer that does not end is given up within its time', {
      each: strikes('slow'),
      by: givenUp,
      same: 'connection',
      withinMs: boundMs,
    }),
    'says-so': count('the log says of each that its time was up, and in which part of the request', {
      of: {
        kind: 'agent.log',
        event: 'attempt_failed',
        operation: 'pending_commands',
        category: 'timeout',
        code: 'DEADLINE_EXCEEDED',
        phase: { anyOf: ['tls', 'wait', 'body'] },
      },
      given: strikes('slow'),
      atLeast: 4,
      unit: 'time-outs',
    }),
    'works-on': count('the agent works on after the last of them', {
      of: polls,
      since: strikes('slow'),
      given: strikes('slow'),
      atLeast: 1,
      unit: 'polls',
    }),
  },
  reported: ['silence-ends', 'trickle-ends', 'says-so'],
  anySubject: {
    needs: ['requests', 'stays'],
    part: (subject) =>
      course(subject, {
        open: true,
        fault: toxic({ type: 'http_body', attributes: { fault: 'truncate', action: 'hang' } }),
        lastsMs: 60_000,
        checks: ['fails-fast', 'tells', 'noise', 'recovers'],
      }),
  },
  anyAdapter: {
    kind: 'database',
    part: (subject) => ({
      faults: { dead: { fault: toxic({ type: 'blackhole' }), link: databaseLink, from: 'manual' } },
      play: async (table) => {
        const { write } = await holdDatabase(table, subject);
        await write('before-1');
        await table.inject('dead');
        await write('during-1');
      },
      checks: {
        ...soundAdapter,
        'ends-in-time': each('a statement that is never answered ends within half a minute', {
          of: answersOn('during'),
          has: { tookMs: { atMost: 30_000 } },
          given: { kind: 'fault.strike', fault: 'dead' },
        }),
      },
    }),
  },
});
