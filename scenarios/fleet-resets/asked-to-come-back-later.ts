/** R1.5 R2.7, field issue E1: a gateway that answers 503 with Retry-After in the place of the server. */
import { count, intervals, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { appliedReports } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const turnedAway = { kind: 'fault.strike', fault: 'overload' } as const;

scenario({
  id: 'fleet-resets/asked-to-come-back-later',
  title: 'An agent that is asked to come back later does so',
  requirements: ['R1.5', 'R2.7'],
  story:
    'A gateway before an overloaded server answers fleet reports with 503 and Retry-After: 20. As reported, the agent sends ' +
    'its report again up to ten times, a tenth of a second apart, and so adds to the load that it is asked to spare.',
  faults: {
    overload: {
      fault: toxic({
        type: 'http_status',
        attributes: { status: 503, retry_after: '20', path: '/api/fleet/report', first: 2 },
      }),
      link: 'agent→server',
    },
  },
  play: async (table) => {
    const reference = await startReference(table, { linkAnswersTls: true });
    await startAgent(table, reference, { env: { FLEET_REPORT_INTERVAL: '5' } });
    await table.until(appliedReports, { nth: 3, withinMs: 180_000 });
  },
  checks: {
    'waits-as-told': intervals('the next report comes when Retry-After says so', {
      of: turnedAway,
      expectMs: [20_000],
      below: 0.02,
      // How much later is left to the agent and its cycle of 5 s.
      above: 1,
    }),
    'gets-through': count('reports are accepted once the gateway lets them pass', {
      of: appliedReports,
      given: turnedAway,
      atLeast: 3,
      unit: 'reports',
    }),
  },
  reported: ['waits-as-told'],
  anySubject: {
    needs: ['requests', 'stays'],
    part: (subject) =>
      course(subject, {
        open: true,
        fault: toxic({ type: 'http_status', attributes: { status: 503, retry_after: '20' } }),
        lastsMs: 30_000,
        checks: ['retry-after', 'duplicates', 'noise', 'recovers'],
        context: { retryAfterMs: 20_000 },
      }),
  },
});
