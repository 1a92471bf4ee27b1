/** R1.5: an agent that is started anew counts its reports from one again, and the server knows the old ones. */
import { count, countsAgree, each, type Matcher, scenario } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { appliedReports, reportRequests } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const starts = 3;
const reportsEach = 3;
const started = { kind: 'agent.log', event: 'agent_started' } satisfies Matcher;
const rows = { kind: 'subject.note', name: 'counted' } satisfies Matcher;

scenario({
  id: 'fleet-resets/started-anew',
  title: 'Reports count after each start of the agent',
  requirements: ['R1.5'],
  subjects: ['hardened'],
  story:
    'Keys tell the server which report is sent again. They are made of a number that begins at one with each start of the ' +
    'agent: an update that starts it anew must not have its reports taken for those of last time. The agent is started three ' +
    'times, and each time three reports have to count.',
  play: async (table) => {
    const reference = await startReference(table);
    for (let start = 1; start <= starts; start += 1) {
      const agent = await startAgent(table, reference, { start, env: { FLEET_REPORT_INTERVAL: '5' } });
      await table.until(reportRequests, { nth: start * reportsEach, withinMs: 60_000 });
      await agent.stop();
    }
    table.note('counted', { reports: table.count(reportRequests) });
  },
  checks: {
    'all-count': countsAgree('each report has taken effect', {
      of: appliedReports,
      counted: rows,
      field: 'reports',
    }),
    'known-again': count('the server knows the agent again, and keeps one', {
      of: { kind: 'server.log', event: 'agent_registered', agentId: { exists: true } },
      given: started,
      atLeast: starts,
      atMost: starts,
      unit: 'registrations',
    }),
    'same-machine': each('each start reports for the same machine', {
      of: appliedReports,
      has: { machineId: 'agent-001' },
      given: started,
    }),
  },
});
