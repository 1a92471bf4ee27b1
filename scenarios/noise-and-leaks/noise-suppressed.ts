/** R3.4 R1.4: an outage of ten minutes fills the log with one and the same line. */
import { accounted, count, each, followed, refuseConnections, scenario, serverGone } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { appliedReports } from '../rigs/fleet.ts';
import { patientAgent, patientServer } from '../rigs/patience.ts';
import { startReference } from '../rigs/reference.ts';
import { refusedDials, watchDials } from '../rigs/unreachable.ts';

const outageMs = 600_000;
const recovery = { kind: 'agent.log', event: 'operation_recovered' } as const;
const suppressions = { kind: 'agent.log', event: 'suppressed' } as const;
/** What a reader of the log is shown of the outage, at any level above DEBUG, in the words of either agent. */
const noise = {
  kind: 'agent.log',
  level: { anyOf: ['info', 'warn', 'error', 'fatal'] },
  '*': { matches: 'ECONNREFUSED|Starting new \\w+ connection|Request was|Server connection is|works again' },
} as const;

scenario({
  id: 'noise-and-leaks/noise-suppressed',
  title: 'Ten minutes without a server leave a few records, and nothing unsaid',
  requirements: ['R3.4', 'R1.4'],
  story:
    'The server is down for ten minutes. The agent tries again and again, as it should, and each try fails for the same ' +
    'reason. As reported the log has a line for each, and the one that matters drowns in them. What is left out has to be ' +
    'counted, and the first and the last of a kind must stand in the log whatever is left out between them.',
  // At this pace a minute is a quarter of a second.
  fastPace: 250,
  faults: {
    down: { fault: refuseConnections(), link: 'agent→server', from: 'manual' },
  },
  play: async (table) => {
    const env = { ...patientAgent, FLEET_REPORT_INTERVAL: '5' };
    const reference = await startReference(table, { env: patientServer });
    await startAgent(watchDials(table), reference, { env });
    await table.until(appliedReports, { withinMs: 3_600_000 });
    await table.inject('down');
    await table.sleep(outageMs);
    await table.lift('down');
    await table.until(appliedReports, { nth: table.count(appliedReports) + 1, withinMs: 3_600_000 });
    await table.until(recovery, { withinMs: 60_000 });
  },
  checks: {
    'little-noise': count('ten minutes of failures make no more than a few records', {
      of: noise,
      during: 'down',
      given: refusedDials,
      atMost: 24,
      unit: 'records',
    }),
    'adds-up': accounted('every failed attempt has its record or is counted in one', {
      happened: refusedDials,
      told: {
        kind: 'agent.log',
        event: { anyOf: ['attempt_failed', 'operation_failed'] },
        code: 'ECONNREFUSED',
      },
      counted: { of: { ...suppressions, key: { matches: 'ECONNREFUSED' } }, field: 'count' },
      fewest: 30,
    }),
    'says-how-many': each('each summary says what it stands for, how many and since when', {
      of: suppressions,
      // The longest window is five minutes; who counts from the beginning of the outage says ten.
      has: { key: { exists: true }, count: { atLeast: 1 }, sinceMs: { atLeast: 1, atMost: 330_000 } },
      given: refusedDials,
    }),
    'first-is-told': count('the first operation that is given up is told of at once', {
      of: { kind: 'agent.log', event: 'operation_failed', heldBackMs: { exists: false } },
      during: 'down',
      given: refusedDials,
      atLeast: 1,
      unit: 'records',
    }),
    'last-is-told': count('so is the last one, held back until it was known to be the last', {
      of: { kind: 'agent.log', event: 'operation_failed', heldBackMs: { exists: true } },
      after: 'down',
      given: refusedDials,
      atLeast: 1,
      unit: 'records',
    }),
    'all-is-told-by-then': count('what was left out of the attempts is told of before the end is', {
      of: { ...suppressions, key: { matches: '^attempt_failed' } },
      after: 'down',
      before: recovery,
      given: refusedDials,
      atLeast: 1,
      unit: 'records',
    }),
    'end-is-told': followed('and the end of the outage', {
      each: { kind: 'fault.lifted', fault: 'down' },
      by: recovery,
    }),
  },
  reported: ['little-noise', 'end-is-told'],
  claims: [
    {
      id: 'connection-log-records',
      figure: 'connection-related log records while the server is down (90 % fewer)',
      requirement: 'R3.4',
      reportedBefore: '100 %',
      reportedAfter: '10 %',
      unit: 'records/min',
      check: 'little-noise',
      // The outage lasts ten minutes.
      scale: 0.1,
      before: [24, 400],
      after: [0, 2.4],
    },
  ],
  anySubject: {
    needs: ['stays'],
    part: (subject) =>
      course(subject, {
        fault: serverGone({ how: 'reset' }),
        lastsMs: 300_000,
        checks: ['noise', 'tells', 'back-off', 'recovers'],
      }),
  },
});
