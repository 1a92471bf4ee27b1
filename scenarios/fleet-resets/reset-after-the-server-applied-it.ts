/** R1.5, field issue D2: the outcome of a request is unknown, and its effect must still count once. */
import {
  count,
  each,
  loseAnswers,
  type Matcher,
  oneEffectEach,
  ownWorlds,
  refuseConnections,
  scenario,
  toxic,
} from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { appliedReports } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const strike = { kind: 'fault.strike', fault: 'lost' } satisfies Matcher;
const down = { kind: 'fault.installed', fault: 'down' } satisfies Matcher;
/** What either agent writes when it gives a report up. */
const givenUp = { kind: 'agent.log', level: 'error' } satisfies Matcher;

scenario({
  id: 'fleet-resets/reset-after-the-server-applied-it',
  title: 'A request with an unknown outcome has one effect',
  requirements: ['R1.5'],
  worlds: [...ownWorlds, 'external'],
  story:
    'The server applies a report; the connection is reset before the answer is out. The client cannot know whether the ' +
    'report counted. Calling that a failure is wrong, and sending it again as if it were new is worse: the honest record says ' +
    'that the outcome is unknown, and the retry carries the key of the first attempt. Another time the server is gone before the retry comes: what ' +
    'became of the first attempt is as unknown as before, whatever befell the last.',
  fastPace: 10,
  faults: {
    lost: {
      fault: loseAnswers({ applied: appliedReports, holdMs: 3_000 }),
      link: 'agent→server',
      from: { event: appliedReports, nth: 1 },
      until: { strikes: 1 },
    },
    'slow answers': {
      fault: toxic({ type: 'latency', attributes: { latency: 10_000 }, stream: 'downstream' }),
      link: 'agent→server',
      from: 'manual',
    },
    down: { fault: refuseConnections(), link: 'agent→server', from: 'manual' },
  },
  play: async (table) => {
    // No report finds its connection closed: what happens to one happens after it was sent.
    const reference = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '65' } });
    await startAgent(table, reference, { env: { FLEET_REPORT_INTERVAL: '5' } });
    await table.until({ kind: 'fault.lifted', fault: 'lost' }, { withinMs: 60_000 });
    await table.until(appliedReports, { nth: table.count(appliedReports) + 2, withinMs: 60_000 });
    // Once more, and then nobody is there any more whom the agent could ask.
    await table.inject('slow answers');
    await table.until(appliedReports, { nth: table.count(appliedReports) + 1, withinMs: 60_000 });
    const before = table.count(givenUp);
    await table.inject('down');
    await table.until(givenUp, { nth: before + 1, withinMs: 30_000 });
    await table.lift('down');
    await table.lift('slow answers');
    await table.until(appliedReports, { nth: table.count(appliedReports) + 1, withinMs: 60_000 });
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
      before: down,
    }),
    'doubt-stays': each('nor is the report whose later attempts were refused', {
      of: { ...givenUp, operation: { matches: 'report' }, category: 'refused' },
      has: { definite: false },
      given: down,
    }),
    'survived-quietly': count('no ERROR for what the retry repaired', {
      of: { kind: 'agent.log', level: 'error' },
      given: strike,
      before: down,
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
