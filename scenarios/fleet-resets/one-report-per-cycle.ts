/** R1.5: up to ten reports in one cycle, because what was applied is sent again. */
import { count, loseAnswers, noMissing, oneEffectEach, scenario, statistic, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { appliedReports, reportRequests } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

scenario({
  id: 'fleet-resets/one-report-per-cycle',
  title: 'Each cycle has exactly one accepted report',
  requirements: ['R1.5'],
  story:
    'The server log of the field showed up to ten reports within a second, 0.1 s apart, where one was due. The transport ' +
    'retries inside, unseen: here the connection breaks after the server has applied the report and before its answer ' +
    'arrives, again and again. Every retry that does not say that it is one counts again.',
  fastPace: 10,
  faults: {
    lost: {
      fault: loseAnswers({ applied: appliedReports, holdMs: 3_000 }),
      link: 'agent→server',
      from: 'manual',
      until: { strikes: 4 },
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    await startAgent(table, reference, { env: { FLEET_REPORT_INTERVAL: '5' } });
    await table.until(reportRequests, { nth: 4, withinMs: 60_000 });
    await table.inject('lost');
    await table.until({ kind: 'fault.lifted', fault: 'lost' }, { withinMs: 120_000 });
    await table.until(appliedReports, { nth: table.count(appliedReports) + 1, withinMs: 60_000 });
  },
  checks: {
    'one-per-cycle': oneEffectEach('every report counts once', {
      effects: appliedReports,
      key: 'sequence',
      fewest: 5,
    }),
    'one-cycle-apart': statistic('while nothing is broken, four reports take three cycles', {
      of: appliedReports,
      before: { kind: 'fault.installed', fault: 'lost' },
      field: 't',
      take: 'growth',
      fewest: 4,
      // Three times 5 s; on a busy machine the first one is late.
      atLeast: 10_000,
      unit: 'ms',
    }),
    'nothing-lost': noMissing('no report is lost', { of: appliedReports, field: 'sequence' }),
    'doubles-are-recognised': count('what was sent again is recognised as a duplicate', {
      of: { ...reportRequests, effect: 'duplicate' },
      given: { kind: 'fault.strike', fault: 'lost' },
      atLeast: 1,
      unit: 'duplicates',
    }),
    'nothing-refused': count('the server accepts every attempt', {
      of: { ...reportRequests, status: { not: 200 } },
      given: reportRequests,
      atMost: 0,
    }),
  },
  reported: ['one-per-cycle', 'doubles-are-recognised'],
  claims: [
    {
      id: 'reports-per-cycle',
      figure: 'reports accepted per cycle',
      requirement: 'R1.5',
      reportedBefore: 'up to 10',
      reportedAfter: 1,
      unit: 'reports',
      check: 'one-per-cycle',
      before: [2, 10],
      after: [1, 1],
    },
  ],
  anySubject: {
    needs: ['requests', 'effects', 'stays'],
    part: (subject) =>
      course(subject, {
        open: true,
        fault: toxic({ type: 'http_lose_answer', attributes: { every: 2 } }),
        strikes: 3,
        checks: ['duplicates', 'back-off', 'noise', 'recovers'],
      }),
  },
});
