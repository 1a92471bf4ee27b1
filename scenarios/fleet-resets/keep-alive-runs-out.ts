/** R1.1, field issue A8: a server closes idle connections just when the next request is on its way. */
import { count, type Matcher, noMissing, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { appliedReports } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const closes = { kind: 'connection.close', link: 'agent→server' } satisfies Matcher;

scenario({
  id: 'fleet-resets/keep-alive-runs-out',
  title: 'An idle connection is closed by the agent before the server closes it',
  requirements: ['R1.1'],
  story:
    'The server announces `Keep-Alive: timeout=6` and closes connections that were idle for that long; a report is due every ' +
    '8 s, and answers take 0.4 s on their way. A request that is sent at the moment at which the server closes is lost, and ' +
    'nobody can tell whether it took effect. The agent reads the announcement and lets go of its connection a moment earlier. ' +
    'The naive subject here is the agent after the report’s own fix, which keeps its connection as long as the server does.',
  fastPace: 5,
  faults: {
    distance: { fault: toxic({ type: 'latency', attributes: { latency: 400 } }), link: 'agent→server' },
  },
  play: async (table) => {
    const reference = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '6' } });
    await startAgent(table, reference, { session: true, env: { FLEET_REPORT_INTERVAL: '8' } });
    await table.until(appliedReports, { nth: 5, withinMs: 180_000 });
    await table.until(closes, { nth: table.count(closes) + 1, withinMs: 10_000 });
  },
  checks: {
    'agent-closes-first': count('the server closes no connection under the agent', {
      of: { ...closes, by: 'upstream' },
      given: closes,
      atMost: 0,
      unit: 'connections',
    }),
    'nothing-lost': noMissing('the sequence of reports at the server has no gap', {
      of: appliedReports,
      field: 'sequence',
      fewest: 4,
    }),
  },
  reported: ['agent-closes-first'],
  anySubject: {
    needs: ['requests', 'stays'],
    part: (subject) =>
      course(subject, {
        open: true,
        fault: toxic({ type: 'http_close', attributes: { after: Math.round(subject.cycleMs * 0.9) } }),
        strikes: 3,
        needsKeptConnection: true,
        checks: ['quiet', 'duplicates', 'recovers'],
      }),
  },
});
