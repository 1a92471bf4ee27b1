/** R1.5, R3.4: what is made while the server is away reaches it afterwards, all of it. */
import {
  count,
  each,
  type Matcher,
  noMissing,
  oneEffectEach,
  refuseConnections,
  scenario,
  serverGone,
} from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { appliedReports } from '../rigs/fleet.ts';
import { patientAgent, patientServer } from '../rigs/patience.ts';
import { startReference } from '../rigs/reference.ts';

const outageMs = 600_000;
const strikes = { kind: 'fault.strike', fault: 'outage' } satisfies Matcher;

scenario({
  id: 'fleet-resets/ten-minute-outage',
  title: 'An outage of ten minutes costs no report',
  requirements: ['R1.5', 'R3.4'],
  story:
    'The agent makes a report every 5 s, and the server is away for ten minutes: 120 reports have nowhere to go. As reported, ' +
    'each was tried ten times within a second and then lost. They have to wait for the server and reach it in order, once ' +
    'each, and the log has to tell of one outage, not of 120 losses.',
  // Nothing here is about the length of a request; at this pace a second of real time is a minute.
  fastPace: 60,
  faults: { outage: { fault: refuseConnections(), link: 'agent→server', from: 'manual' } },
  play: async (table) => {
    const reference = await startReference(table, { env: patientServer });
    await startAgent(table, reference, { env: { ...patientAgent, FLEET_REPORT_INTERVAL: '5' } });
    await table.until(appliedReports, { nth: 2, withinMs: 600_000 });
    await table.inject('outage');
    await table.sleep(outageMs);
    await table.lift('outage');
    await table.until(appliedReports, { nth: table.count(appliedReports) + 1, withinMs: 600_000 });
    await table.sleep(120_000);
  },
  checks: {
    'nothing-lost': noMissing('the sequence of reports at the server has no gap', {
      of: appliedReports,
      field: 'sequence',
      fewest: 20,
    }),
    'nothing-twice': oneEffectEach('no report counts twice', {
      effects: appliedReports,
      key: 'sequence',
      fewest: 20,
    }),
    'none-given-up': count('the agent itself says of no report that it is lost', {
      of: { kind: 'agent.log', event: 'report_lost' },
      given: strikes,
      atMost: 0,
      unit: 'records',
    }),
    'outage-is-told': each('the log tells of the outage at ERROR, with its cause', {
      of: { kind: 'agent.log', event: 'operation_failed' },
      has: { level: 'error', category: 'refused', cause: { exists: true } },
      given: strikes,
    }),
    'told-of-once': count('and not of every report', {
      of: { kind: 'agent.log', level: { anyOf: ['error', 'fatal'] } },
      given: strikes,
      during: 'outage',
      atLeast: 1,
      atMost: 12,
      unit: 'ERROR records',
    }),
  },
  reported: ['nothing-lost', 'told-of-once'],
  anySubject: {
    needs: ['stays'],
    part: (subject) =>
      course(subject, {
        fault: serverGone({ how: 'reset' }),
        lastsMs: 600_000,
        checks: ['back-off', 'tells', 'noise', 'duplicates', 'resources', 'recovers'],
      }),
  },
});
