/** R3.7, field issue D11: work that is tried again by many agents, which all failed at the same moment. */
import {
  count,
  distinct,
  each,
  intervals,
  jitter,
  refuseConnections,
  scenario,
  serverGone,
} from 'shaketable';
import { createAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { startReference } from '../rigs/reference.ts';
import { dials, watchDials } from '../rigs/unreachable.ts';

const names = Array.from({ length: 8 }, (_, index) => `agent-${index + 1}`);
const announced = { kind: 'agent.log', message: { matches: 'retrying in \\d+s' } } as const;
const refusals = { kind: 'server.log', event: 'request', status: 401 } as const;
/** Nothing here is about the length of a request, and at this pace a minute is 300 ms. */
const patient = { REQUEST_TIMEOUT: '7200', CONNECT_TIMEOUT: '7200', LOG_LEVEL: 'DEBUG' };
const patientServer = {
  DB_OPERATION_TIMEOUT: '3600',
  HEADERS_TIMEOUT: '7200',
  BODY_TIMEOUT: '7200',
  KEEP_ALIVE_TIMEOUT: '7200',
  HEALTH_TIMEOUT: '3600',
};

/** The announced wait after attempt `attempt` of every agent. */
const waits = (attempt: number, atLeast: number, atMost: number) =>
  each(`after attempt ${attempt} the wait is ${atLeast} to ${atMost} s`, {
    of: { kind: 'agent.log', event: 'attempt_failed', category: 'refused', attempt },
    has: { delayMs: { atLeast: atLeast * 1_000, atMost: atMost * 1_000 } },
    given: dials,
  });

scenario({
  id: 'noise-and-leaks/capped-back-off',
  title: 'Waits grow, are capped, and differ from agent to agent',
  requirements: ['R3.7'],
  story:
    'Eight agents start while the server is down. Each tries again after 60, 120, 240 and then 300 s, a little more or less, ' +
    'so that they do not come back as one herd. As reported there was no cap and no chance in it: all came at once, ten ' +
    'times in a second, and waited ever longer. When the server is back it does not accept their token: that is no error of ' +
    'the connection, and trying it again is of no use.',
  fastPace: 200,
  faults: {
    down: { fault: refuseConnections(), link: 'agent→server', from: 'start' },
  },
  play: async (table) => {
    const reference = await startReference(table, { env: patientServer });
    const env = { ...patient, RETRY_POLICY: 'capped', RETRY_ATTEMPTS: '6' };
    const target = { url: reference.url, token: 'a-token-that-nobody-knows' };
    for (const name of names) {
      const agent = await createAgent(watchDials(table, name), target, { name, env });
      void agent.start().catch(() => {});
    }
    // The fifth attempt comes after 648 to 762 s, the sixth after 918 s at the earliest.
    await Promise.all([
      table.until({ ...dials, number: 5 }, { nth: names.length, withinMs: 3_600_000 }),
      table.sleep(780_000),
    ]);
    await table.lift('down');
    await table.until(refusals, { nth: names.length, withinMs: 3_600_000 });
    // Time for the attempts that must not come.
    await table.sleep(300_000);
  },
  checks: {
    'wait-1': waits(1, 54, 66),
    'wait-2': waits(2, 108, 132),
    'wait-3': waits(3, 216, 264),
    'wait-4': waits(4, 270, 300),
    'wait-5': waits(5, 270, 300),
    'waited-for': intervals('every agent asks six times, and waits as long as it said', {
      of: dials,
      expectMs: [60_000, 120_000, 240_000, 300_000, 300_000],
      below: 0.15,
      above: 14,
      groupBy: 'who',
    }),
    capped: count('no agent announces a wait of more than 300 s', {
      of: { ...announced, message: { matches: 'retrying in (30[1-9]|3[1-9]\\d|[4-9]\\d\\d|\\d{4,})s' } },
      given: announced,
      atMost: 0,
      unit: 'longer waits',
    }),
    'told-apart': distinct('the announced waits differ', {
      of: announced,
      field: 'message',
      fewest: 2 * names.length,
      atLeast: 1.5 * names.length,
    }),
    jitter: jitter('after each attempt the waits of the agents lie apart', {
      of: { kind: 'agent.log', event: 'attempt_failed', category: 'refused' },
      field: 'delayMs',
      groupBy: 'attempt',
      fewest: names.length,
      atLeast: 0.02,
    }),
    'given-up-once': count('an agent that has used up its six attempts says so once', {
      of: { kind: 'agent.log', event: 'operation_failed' },
      given: refusals,
      atMost: names.length,
      unit: 'records',
    }),
    'refusal-is-final': count('a refused token is not tried again', {
      of: refusals,
      given: refusals,
      atMost: names.length,
      unit: 'requests answered 401',
    }),
    'refusal-is-told': each('and is reported at ERROR', {
      of: { kind: 'agent.log', event: 'auth_refused' },
      has: { level: 'error', status: 401, confirmed: true },
      given: refusals,
    }),
  },
  reported: ['waited-for', 'capped', 'told-apart', 'refusal-is-final'],
  anySubject: {
    needs: ['stays'],
    part: (subject) =>
      course(subject, {
        fault: serverGone({ how: 'reset' }),
        lastsMs: 900_000,
        checks: ['back-off', 'noise', 'recovers'],
      }),
  },
});
