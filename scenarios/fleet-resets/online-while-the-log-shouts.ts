/** R1.3: the machine is ONLINE, the server answers 200, and the agent's log says that everything is broken. */
import { count, each, type Matcher, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { appliedReports } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const polls = {
  kind: 'database.rows',
  query: 'machines',
  'rows.0.machine_id': { exists: true },
} satisfies Matcher;

scenario({
  id: 'fleet-resets/online-while-the-log-shouts',
  title: 'The log agrees with the database about the machine',
  requirements: ['R1.3', 'R1.4'],
  story:
    'Retries hide the failed handshakes from everybody but the log. The database says that the machine was seen a moment ' +
    'ago, the server logs 200, and the agent logs ERROR every few seconds. Database, server log and agent log stand on one ' +
    'clock here, so that the paradox can be seen: of two sources that contradict each other, the log is the wrong one.',
  faults: {
    flaky: { fault: toxic({ type: 'tls_cut', only: { every: 2 } }), link: 'agent→server', from: 'manual' },
  },
  play: async (table) => {
    const reference = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '1' } });
    await startAgent(table, reference, { env: { FLEET_REPORT_INTERVAL: '5' } });
    await table.until(appliedReports, { withinMs: 60_000 });
    table.poll(
      'machines',
      `SELECT machine_id, last_seen, TIMESTAMPDIFF(MICROSECOND, last_seen, :now) / 1e6 < 60 AS online FROM {schema}.machines`,
      2_000,
    );
    await table.inject('flaky');
    await table.until({ kind: 'fault.strike', fault: 'flaky' }, { nth: 3, withinMs: 120_000 });
    await table.until(appliedReports, { nth: table.count(appliedReports) + 2, withinMs: 60_000 });
    await table.lift('flaky');
  },
  checks: {
    'stays-online': each('the database sees the machine at every look', {
      of: polls,
      has: { 'rows.0.online': 1 },
      given: { kind: 'fault.strike', fault: 'flaky' },
      during: 'flaky',
    }),
    'server-says-200': count('the server accepts reports all the while', {
      of: { kind: 'server.log', event: 'request', path: '/api/fleet/report', status: 200 },
      given: { kind: 'fault.strike', fault: 'flaky' },
      during: 'flaky',
      atLeast: 2,
    }),
    'log-tells-the-truth': count('the log reports no failure while the machine is ONLINE', {
      of: { kind: 'agent.log', level: { anyOf: ['error', 'fatal'] } },
      given: polls,
      during: 'flaky',
      atMost: 0,
      unit: 'ERROR records',
    }),
  },
  reported: ['log-tells-the-truth'],
  anySubject: {
    needs: ['tls', 'stays'],
    part: (subject) =>
      course(subject, {
        env: { KEEP_ALIVE_TIMEOUT: '1' },
        fault: toxic({ type: 'tls_cut', only: { every: 2 } }),
        strikes: 3,
        cycles: 6,
        checks: ['quiet', 'noise', 'recovers'],
      }),
  },
});
