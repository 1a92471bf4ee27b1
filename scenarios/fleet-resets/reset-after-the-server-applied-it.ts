/** R1.5, field issue D2: the outcome of a request is unknown, and its effect must still count once. */
import {
  count,
  each,
  loseAnswers,
  type Matcher,
  oneEffectEach,
  ownWorlds,
  scenario,
  toxic,
} from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { appliedReports } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const strike = { kind: 'fault.strike', fault: 'lost' } satisfies Matcher;

scenario({
  id: 'fleet-resets/reset-after-the-server-applied-it',
  title: 'A request with an unknown outcome has one effect',
  requirements: ['R1.5'],
  worlds: [...ownWorlds, 'external'],
  story:
    'The server applies a report; the connection is reset before the answer is out. The client cannot know whether the ' +
    'report counted. Calling that a failure is wrong, and sending it again as if it were new is worse: the honest record says ' +
    'that the outcome is unknown, and the retry carries the key of the first attempt.',
  fastPace: 10,
  faults: {
    lost: {
      fault: loseAnswers({ applied: appliedReports, holdMs: 3_000 }),
      link: 'agent→server',
      from: { event: appliedReports, nth: 1 },
      until: { strikes: 1 },
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    await startAgent(table, reference, { env: { FLEET_REPORT_INTERVAL: '5' } });
    await table.until({ kind: 'fault.lifted', fault: 'lost' }, { withinMs: 60_000 });
    await table.until(appliedReports, { nth: table.count(appliedReports) + 2, withinMs: 60_000 });
  },
  checks: {
    'one-effect': oneEffectEach('the report that was sent twice counts once', {
      effects: appliedReports,
      key: 'sequence',
      fewest: 2,
    }),
    'said-unknown': each('the failed attempt is recorded as not definite', {
      of: { kind: 'agent.log', event: 'attempt_failed', operation: { matches: 'report' } },
      has: { definite: false, category: 'reset' },
      given: strike,
    }),
    'survived-quietly': count('no ERROR for what the retry repaired', {
      of: { kind: 'agent.log', level: 'error' },
      given: strike,
      atMost: 0,
      unit: 'ERROR records',
    }),
  },
  reported: ['one-effect', 'said-unknown', 'survived-quietly'],
  anySubject: {
    needs: ['requests', 'effects', 'stays'],
    part: (subject) =>
      course(subject, {
        open: true,
        fault: toxic({ type: 'http_lose_answer', attributes: { first: 1 } }),
        checks: ['duplicates', 'quiet', 'recovers'],
      }),
  },
});
