/** R2.6: answers come too late, and the attempts that follow keep their distance. */
import { count, each, gaps, latency, type Matcher, scenario, spread, type Table } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { startReference } from '../rigs/reference.ts';
import { completeRecord, failedOperations, goodHeartbeats } from '../rigs/unreachable.ts';

const strikes = { kind: 'fault.strike', fault: 'slow' };

/** One agent makes three attempts, as the report shows it, one four, as it describes it. Each has a link to itself. */
const [three, four] = [
  { name: 'agent-001', link: 'agent-001→server', attempts: '3' },
  { name: 'agent-002', link: 'agent-002→server', attempts: '4' },
];
const others = ['agent-003', 'agent-004', 'agent-005', 'agent-006'].map((name) => ({
  name,
  link: 'agents→server',
  attempts: '3',
}));

/** The connections of the agent that has this link to itself. */
const connections = (link: string): Matcher => ({ kind: 'connection.open', link });

/** A record of a time-out that announces another attempt, written at once and not held back. */
const announced = {
  kind: 'agent.log',
  event: 'attempt_failed',
  category: 'timeout',
  operation: 'heartbeat',
  heldBackMs: { exists: false },
} satisfies Matcher;

/** How the report has it, with the jitter of the policy. */
function asReported(attempt: number, seconds: number): Matcher {
  const text = `^Request timeout \\(attempt ${attempt}/\\d\\): POST https://\\S+/heartbeat - retrying in ${seconds}s$`;
  return {
    level: 'warn',
    delayMs: { atLeast: seconds * 900, atMost: seconds * 1_100 },
    message: { matches: text },
  };
}

/** Waits for the second heartbeat: the first ones of two agents do not keep step yet. */
async function untilHeartbeatOf(table: Table, logicalAgentId: string): Promise<void> {
  const registration = { kind: 'server.log', event: 'agent_registered', logicalAgentId };
  const registered = await table.until(registration, { withinMs: 60_000 });
  const agentId = String(registered?.agentId);
  await table.until({ ...goodHeartbeats, agentId }, { nth: 2, withinMs: 60_000 });
}

scenario({
  id: 'unreachable/time-outs-back-off',
  title: 'A request that times out is tried again after 1, 2 and 4 seconds, and says so',
  requirements: ['R2.6'],
  story:
    'The database behind the server has become so slow that every request times out. The report promises a WARNING for ' +
    'each attempt that is followed by another, with the wait before it, and an ERROR after the last; as found, the agent ' +
    'waited for ever and said nothing. Five agents make the three attempts that the report shows, one makes the four that ' +
    'it describes. Their waits must not be the same to the millisecond, or all of them come back at once.',
  fastPace: 10,
  faults: {
    slow: { fault: latency({ latencyMs: 20_000 }), link: 'server→mysql', from: 'manual' },
  },
  play: async (table) => {
    const { server, url, token } = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '1' } });
    const ports: Record<string, number> = {};
    for (const link of new Set([three, four, ...others].map((member) => member.link)))
      ports[link] = (await table.link(link, { host: '127.0.0.1', port: server.port })).port;

    const start = async ({ name, link, attempts }: typeof three) => {
      const target = { url: url.replace(/:\d+$/, `:${ports[link]}`), token };
      const env = {
        HEARTBEAT_INTERVAL: '8',
        REQUEST_TIMEOUT: '5',
        CONNECT_TIMEOUT: '2.5',
        RETRY_ATTEMPTS: attempts,
      };
      return { name, agent: await startAgent(table, target, { name, env }) };
    };
    const started = await Promise.all(others.map(start));
    started.push(...(await Promise.all([three, four].map(start))));
    // Just after a heartbeat of these two, so that the next one is the first that meets the fault.
    await Promise.all([three, four].map(({ name }) => untilHeartbeatOf(table, name)));
    await table.inject('slow');
    // One round of each is enough.
    const rounds = started.map(async ({ name, agent }) => {
      await table.until({ ...failedOperations, log: name }, { withinMs: 45_000 });
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
      of: completeRecord('Read timed out'),
      given: strikes,
      atLeast: 5,
      atMost: 5,
      unit: 'complete records',
    }),
    'error-after-four': count('and after the fourth, where that is the policy', {
      of: completeRecord('Read timed out', { attempts: 4 }),
      given: strikes,
      atLeast: 1,
      atMost: 1,
      unit: 'complete records',
    }),
    'three-on-the-wire': gaps(
      '5 s of waiting and then 1 s, 2 s lie between connections; then it looks at /health',
      {
        of: connections('agent-001→server'),
        during: 'slow',
        expectMs: [6_000, 7_000, 5_000],
        below: 0.06,
        above: 0.6,
      },
    ),
    'four-on-the-wire': gaps('1 s, 2 s and 4 s with four attempts', {
      of: connections('agent-002→server'),
      during: 'slow',
      expectMs: [6_000, 7_000, 9_000, 5_000],
      below: 0.06,
      above: 0.6,
    }),
    'not-in-step': spread('the waits of the agents differ', {
      of: { ...announced, attempt: { atMost: 2 } },
      field: 'delayMs',
      groupBy: 'attempt',
      atLeast: 0.01,
      fewest: 4,
    }),
  },
  reported: [
    'warns-of-the-second',
    'warns-of-the-third',
    'error-after-three',
    'error-after-four',
    'three-on-the-wire',
    'four-on-the-wire',
  ],
});
