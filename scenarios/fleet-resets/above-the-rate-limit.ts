/** R1.5, field issue E1: a limiter before the server that counts the reports of all connections. */
import { count, ratio, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { appliedReports } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const refused = { kind: 'fault.strike', fault: 'limiter' } as const;

scenario({
  id: 'fleet-resets/above-the-rate-limit',
  title: 'An agent above its rate limit waits as told, and is refused once a window',
  requirements: ['R1.5', 'R2.7'],
  story:
    'A gateway lets four fleet reports of a machine through in half a minute, over all its connections, and answers the ' +
    'others 429 with Retry-After: 30. A report is due every 5 s, so every fifth is one too many. As reported, the agent sends ' +
    'it again up to ten times, a tenth of a second apart, and each of them is refused as well; a new connection does not help it.',
  faults: {
    limiter: {
      fault: toxic({
        type: 'http_rate_limit',
        attributes: { requests: 4, window: 30_000, retry_after: '30', path: '/api/fleet/report' },
      }),
      link: 'agent→server',
    },
  },
  play: async (table) => {
    const reference = await startReference(table, { linkAnswersTls: true });
    await startAgent(table, reference, { env: { FLEET_REPORT_INTERVAL: '5' } });
    await table.until(appliedReports, { nth: 10, withinMs: 240_000 });
  },
  checks: {
    'few-refusals': ratio('few refusals for the reports that are accepted', {
      of: refused,
      per: appliedReports,
      // Who waits a whole window is refused once for four reports.
      atMost: 0.5,
      fewest: 8,
    }),
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
