/** R1.5, R3.4: more is made while the server is away than the agent can keep. */
import { each, type Matcher, noMissing, refuseConnections, scenario } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { appliedReports } from '../rigs/fleet.ts';
import { patientAgent, patientServer } from '../rigs/patience.ts';
import { startReference } from '../rigs/reference.ts';

const mostLost = 40;
const lost = { kind: 'agent.log', event: 'report_lost' } satisfies Matcher;
const strikes = { kind: 'fault.strike', fault: 'outage' } satisfies Matcher;

scenario({
  id: 'fleet-resets/outage-longer-than-the-queue',
  title: 'Of more reports than can wait the oldest go, and each is told of',
  requirements: ['R1.5', 'R3.4'],
  story:
    'The agent makes a report each second, and the server is away until there are more than the 720 that may wait. As reported, a ' +
    'report that meets no server is lost, and nobody says so. What has to go is what is oldest, the log has to name each one, ' +
    'and the others have to reach the server.',
  // Nothing here is about the length of a request, and at this pace an hour is half a minute.
  fastPace: 100,
  faults: { outage: { fault: refuseConnections(), link: 'agent→server', from: 'manual' } },
  play: async (table) => {
    const reference = await startReference(table, { env: patientServer });
    await startAgent(table, reference, { env: { ...patientAgent, FLEET_REPORT_INTERVAL: '1' } });
    await table.until(appliedReports, { nth: 2, withinMs: 600_000 });
    await table.inject('outage');
    // On a busy machine reports are made late, and fewer. Who keeps none has lost enough in a minute.
    if (table.subject === 'naive') await table.sleep(60_000);
    else await table.until(lost, { nth: mostLost, withinMs: 7_200_000 });
    await table.lift('outage');
    await table.until(appliedReports, { nth: table.count(appliedReports) + 50, withinMs: 600_000 });
  },
  checks: {
    'lost-are-told': noMissing('each report has reached the server or is told of as lost', {
      of: appliedReports,
      field: 'sequence',
      told: lost,
      fewest: 20,
    }),
    'oldest-go': each('what is lost is what was oldest', {
      of: lost,
      has: { level: 'error', sequence: { atMost: 2 * mostLost } },
      given: strikes,
      during: 'outage',
    }),
    'outage-is-told': each('the log tells of the outage at ERROR, with its cause', {
      of: { kind: 'agent.log', event: 'operation_failed' },
      has: { level: 'error', category: 'refused', cause: { exists: true } },
      given: strikes,
    }),
  },
  reported: ['lost-are-told', 'oldest-go'],
});
