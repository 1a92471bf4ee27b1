/** R1.5, field issue E1: a limiter before the server that counts the reports of all connections. */
import { count, each, followed, ratio, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { appliedReports } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const refused = { kind: 'fault.strike', fault: 'limiter' } as const;
const foundFaulty = { kind: 'fault.strike', fault: 'faulty' } as const;
const path = '/api/fleet/report';

scenario({
  id: 'fleet-resets/above-the-rate-limit',
  title: 'An agent above its rate limit waits as told, and is refused once a window',
  requirements: ['R1.5', 'R2.7'],
  story:
    'A gateway lets four fleet reports of a machine through in half a minute, over all its connections, and answers the ' +
    'others 429 with Retry-After: 30. A report is due every 5 s, so every fifth is one too many. As reported, the agent sends ' +
    'it again up to ten times, a tenth of a second apart, and each of them is refused as well; a new connection does not help it. ' +
    'Later the server finds one report faulty: that will not get better, and must not hold up those behind it.',
  faults: {
    limiter: {
      fault: toxic({
        type: 'http_rate_limit',
        attributes: { requests: 4, window: 30_000, retry_after: '30', path },
      }),
      link: 'agent→server',
    },
    faulty: {
      fault: toxic({ type: 'http_status', attributes: { status: 422, first: 1, path } }),
      link: 'agent→server',
      from: 'manual',
      until: { strikes: 1 },
    },
  },
  play: async (table) => {
    const reference = await startReference(table, { linkAnswersTls: true });
    await startAgent(table, reference, { env: { FLEET_REPORT_INTERVAL: '5' } });
    await table.until(appliedReports, { nth: 10, withinMs: 240_000 });
    await table.inject('faulty');
    await table.until(foundFaulty, { withinMs: 120_000 });
    await table.until(appliedReports, { nth: table.count(appliedReports) + 2, withinMs: 120_000 });
  },
  checks: {
    'few-refusals': ratio('few refusals for the reports that are accepted', {
      of: refused,
      per: appliedReports,
      // Who waits a whole window is refused once for four reports.
      atMost: 0.5,
      fewest: 8,
    }),
    'faulty-is-told': count('a report that the server finds faulty is told of as lost, once', {
      of: { kind: 'agent.log', event: 'report_lost', level: 'error' },
      given: foundFaulty,
      atLeast: 1,
      atMost: 1,
      unit: 'records',
    }),
    'why-it-is-lost': each('with the answer', {
      of: { kind: 'agent.log', event: 'operation_failed', level: 'error' },
      has: { status: 422, category: 'protocol' },
      given: foundFaulty,
    }),
    'others-go-on': followed('and those behind it are accepted', { each: foundFaulty, by: appliedReports }),
    'goes-on': count('reports are accepted in window after window', {
      of: appliedReports,
      given: refused,
      atLeast: 10,
      unit: 'reports',
    }),
  },
  reported: ['few-refusals'],
  anySubject: {
    needs: ['requests', 'stays'],
    part: (subject) =>
      course(subject, {
        open: true,
        fault: toxic({ type: 'http_status', attributes: { status: 429, retry_after: '30' } }),
        lastsMs: 45_000,
        checks: ['retry-after', 'duplicates', 'noise', 'recovers'],
        context: { retryAfterMs: 30_000 },
      }),
  },
});
