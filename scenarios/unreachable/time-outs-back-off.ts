/** R2.6: answers come too late, and the attempts that follow keep their distance. */
import { count, each, followed, jitter, type Matcher, type Patterns, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { startReference } from '../rigs/reference.ts';
import { completeRecord, failedOperations, goodHeartbeats } from '../rigs/unreachable.ts';

const strikes = { kind: 'fault.strike', fault: 'slow' } satisfies Matcher;

/** Four agents make three attempts, as the report shows it; one makes four, as it describes it, over a link of its own. */
const fleet = ['agent-001', 'agent-002', 'agent-003', 'agent-004'].map((name) => ({
  name,
  link: 'agents→server',
  attempts: '3',
}));
const four = { name: 'agent-005', link: 'agent-005→server', attempts: '4' };

/** A record of a time-out that announces another attempt, written at once and not held back. */
const announced = {
  kind: 'agent.log',
  event: 'attempt_failed',
  category: 'timeout',
  operation: 'heartbeat',
  heldBackMs: { exists: false },
} satisfies Matcher;

/** How the report has it, with the jitter of the policy. */
function asReported(attempt: number, seconds: number): Patterns {
  const text = `^Request timeout \\(attempt ${attempt}/\\d\\): POST https://\\S+/heartbeat - retrying in ${seconds}s$`;
  return {
    level: 'warn',
    delayMs: { atLeast: seconds * 900, atMost: seconds * 1_100 },
    message: { matches: text },
  };
}

/** The wait that is announced after an attempt is kept on the wire. */
function keeps(attempt: number, seconds: number) {
  return followed(`no connection is made in the ${seconds} s after attempt ${attempt}`, {
    each: { ...announced, attempt, log: four.name },
    by: { kind: 'connection.open', link: four.link },
    notBeforeMs: seconds * 900,
  });
}

scenario({
  id: 'unreachable/time-outs-back-off',
  title: 'A request that times out is tried again after 1, 2 and 4 seconds, and says so',
  requirements: ['R2.6'],
  except: {
    simulated:
      'mysql2 itself gives a connection ten real seconds, which are ten of the lab’s there: the server answers before the agent gives up',
  },
  story:
    'The database behind the server has become so slow that every request times out. The report promises a WARNING for ' +
    'each attempt that is followed by another, with the wait before it, and an ERROR after the last; as found, the agent ' +
    'waited for ever and said nothing. Four agents make the three attempts that the report shows, one makes the four that ' +
    'it describes. Their waits must not be the same to the millisecond, or all of them come back at once.',
  faults: {
    slow: {
      fault: toxic({ type: 'latency', attributes: { latency: 25_000 } }),
      link: 'server→mysql',
      from: 'manual',
    },
  },
  play: async (table) => {
    const { server, url, token } = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '1' } });
    const ports: Record<string, number> = {};
    for (const link of [fleet[0]?.link ?? '', four.link])
      ports[link] = (await table.link(link, { host: '127.0.0.1', port: server.port })).port;

    const start = async ({ name, link, attempts }: typeof four) => {
      const target = { url: url.replace(/:\d+$/, `:${ports[link]}`), token };
      const env = { HEARTBEAT_INTERVAL: '8', REQUEST_TIMEOUT: '20', RETRY_ATTEMPTS: attempts };
      return { name, agent: await startAgent(table, target, { name, env }) };
    };
    const agents = [];
    for (const member of [...fleet, four]) agents.push(await start(member));
    await table.until(goodHeartbeats, { nth: agents.length, withinMs: 60_000 });
    await table.inject('slow');
    // One round of each is enough. The naive agent has no time-out: what it has to say it says in the time that two take.
    const withinMs = table.subject === 'naive' ? 40_000 : 200_000;
    const rounds = agents.map(async ({ name, agent }) => {
      await table.until({ ...failedOperations, log: name }, { withinMs });
      await agent.stop();
    });
    await Promise.all(rounds);
  },
  checks: {
    'warns-of-the-second': each('a WARNING announces the second attempt in 1 s', {
      of: { ...announced, attempt: 1 },
      has: asReported(1, 1),
      given: strikes,
    }),
    'warns-of-the-third': each('a WARNING announces the third attempt in 2 s', {
      of: { ...announced, attempt: 2 },
      has: asReported(2, 2),
      given: strikes,
    }),
    'error-after-three': count('an ERROR record tells all after the third attempt', {
      of: completeRecord('timed out'),
      given: strikes,
      atLeast: 4,
      atMost: 4,
      unit: 'complete records',
    }),
    'error-after-four': count('and after the fourth, where that is the policy', {
      of: completeRecord('timed out', { attempts: 4 }),
      given: strikes,
      atLeast: 1,
      atMost: 1,
      unit: 'complete records',
    }),
    'keeps-1-s': keeps(1, 1),
    'keeps-2-s': keeps(2, 2),
    'keeps-4-s': keeps(3, 4),
    'not-in-step': jitter('the waits of the agents differ', {
      of: { ...announced, attempt: { atMost: 2 } },
      field: 'delayMs',
      groupBy: 'attempt',
      atLeast: 0.01,
      fewest: 4,
    }),
  },
  reported: ['warns-of-the-second', 'warns-of-the-third', 'error-after-three', 'error-after-four'],
  anySubject: {
    needs: ['stays'],
    part: (subject) =>
      course(subject, {
        fault: toxic({ type: 'blackhole', stream: 'downstream' }),
        lastsMs: 120_000,
        checks: ['back-off', 'tells', 'noise', 'duplicates', 'recovers'],
      }),
  },
});
