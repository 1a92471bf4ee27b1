/** R1.1: a new HTTPS connection for every request. */
import { count, type Matcher, ratio, scenario } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { startReference } from '../rigs/reference.ts';

const reports = {
  kind: 'server.log',
  event: 'request',
  path: '/api/fleet/report',
  status: 200,
} satisfies Matcher;
const handshakes = { kind: 'tls.handshake', link: 'agent→server', outcome: 'complete' } satisfies Matcher;

scenario({
  id: 'fleet-resets/one-handshake-per-request',
  title: 'One TLS handshake serves many requests',
  requirements: ['R1.1'],
  story:
    'A fleet agent posts a report over HTTPS every 5 seconds. As reported, it opened a new connection for each, and each ' +
    'connection costs a TLS handshake that can fail. Nothing is broken here: the minute only shows how many handshakes ' +
    'twelve reports take, counted on the wire and, independently, at the server.',
  play: async (table) => {
    const reference = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '65' } });
    await startAgent(table, reference, { env: { FLEET_REPORT_INTERVAL: '5' } });
    await table.until(reports, { nth: 12, withinMs: 120_000 });
  },
  checks: {
    'one-handshake': ratio('reports share a connection', {
      of: handshakes,
      per: reports,
      atMost: 0.25,
      fewest: 10,
    }),
    'server-agrees': ratio('the server counts as few handshakes as the wire', {
      of: { kind: 'server.log', event: 'tls_handshake' },
      per: reports,
      atMost: 0.25,
      fewest: 10,
    }),
    'nothing-refused': count('every report is accepted', {
      of: { kind: 'server.log', event: 'request', path: '/api/fleet/report', status: { not: 200 } },
      given: reports,
      atMost: 0,
    }),
  },
  reported: ['one-handshake', 'server-agrees'],
  claims: [
    {
      id: 'handshakes-per-minute',
      figure: 'TLS handshakes per minute at a 5 s cycle',
      requirement: 'R1.1',
      reportedBefore: 12,
      reportedAfter: 1,
      unit: 'handshakes/min',
      check: 'one-handshake',
      // Twelve cycles of 5 s are a minute.
      scale: 12,
      before: [11, 16],
      after: [0, 3],
    },
  ],
  anySubject: {
    needs: ['tls', 'requests', 'stays'],
    part: (subject) =>
      course(subject, {
        checks: ['connections', 'handshakes', 'requests-per-cycle', 'quiet', 'resources'],
        cyclesBefore: 10,
        env: { KEEP_ALIVE_TIMEOUT: '65' },
      }),
  },
});
