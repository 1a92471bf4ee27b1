/** R1.4, field issues A1 A9 A12: a kept connection dies while it is idle, and nobody says so. */
import { count, type Matcher, noMissing, oneEffectEach, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { alarms, appliedReports } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const strikes = { kind: 'fault.strike', fault: 'forgotten' } satisfies Matcher;

scenario({
  id: 'fleet-resets/idle-connection-reset',
  title: 'A kept connection that died while idle costs no report',
  requirements: ['R1.1', 'R1.4', 'R1.5'],
  story:
    'The report cured its resets by keeping the connection, and logged what was left at DEBUG as “will retry”. A kept ' +
    'connection has its own way to die: something on the path forgets it while it is idle, a moment before the next report ' +
    'is due, and answers the next write with a reset. The naive subject here is the agent after the report’s own fix: it ' +
    'keeps its connection and retries nothing, so the report is lost without a word.',
  faults: {
    forgotten: {
      fault: toxic({
        type: 'reset_idle',
        attributes: { after: 4_000, action: 'forget', forget_answer: 'reset' },
      }),
      link: 'agent→server',
      from: 'manual',
    },
  },
  // A second of the lab between the reset and the next report is 50 ms at the usual pace, which a busy machine may miss.
  fastPace: 10,
  play: async (table) => {
    const reference = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '65' } });
    await startAgent(table, reference, { session: true, env: { FLEET_REPORT_INTERVAL: '5' } });
    await table.until(appliedReports, { nth: 2, withinMs: 60_000 });
    await table.inject('forgotten');
    await table.until(strikes, { nth: 4, withinMs: 120_000 });
    await table.lift('forgotten');
    await table.until(appliedReports, { nth: table.count(appliedReports) + 2, withinMs: 60_000 });
  },
  checks: {
    'nothing-lost': noMissing('the sequence of reports at the server has no gap', {
      of: appliedReports,
      field: 'sequence',
      fewest: 4,
    }),
    'nothing-twice': oneEffectEach('no report counts twice', {
      effects: appliedReports,
      key: 'sequence',
      fewest: 4,
    }),
    'survived-quietly': count('a stale connection is no alarm, and nothing is given up because of it', {
      of: { ...alarms, event: { not: 'health' } },
      given: strikes,
      atMost: 0,
    }),
  },
  reported: ['nothing-lost'],
  anySubject: {
    needs: ['stays'],
    part: (subject) =>
      course(subject, {
        fault: toxic({
          type: 'reset_idle',
          attributes: { after: Math.round(subject.cycleMs * 0.7), action: 'forget', forget_answer: 'reset' },
        }),
        strikes: 2,
        needsKeptConnection: true,
        checks: ['quiet', 'duplicates', 'losses', 'recovers'],
      }),
  },
});
