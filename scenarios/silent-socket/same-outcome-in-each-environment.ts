/** R4.7: development, staging and production differ in what is logged, and in nothing else. */
import { distinct, honestClaims, type Matcher, oneEffectEach, scenario, type Table, toxic } from 'shaketable';
import { createChannel, received, sends, type TableChannel } from '../rigs/channel.ts';
import { startReference } from '../rigs/reference.ts';

const environments = ['development', 'staging', 'production'] as const;
const summary = { kind: 'subject.note', name: 'environment' } satisfies Matcher;

/** What was claimed of each message and how often it was received: comparable between environments. */
function sum(table: Table, environment: string, claims: readonly Claim[], subject: TableChannel): void {
  const outcomes = claims.map(
    ({ moment, claim }) =>
      `${moment}: ${claim}, received ${table.count({ ...received, id: `${moment}/${environment}` })} times`,
  );
  table.note('environment', { environment, outcomes: outcomes.join('; '), records: subject.records() });
}

interface Claim {
  readonly moment: string;
  readonly claim: string;
}

scenario({
  id: 'silent-socket/same-outcome-in-each-environment',
  title: 'The environment decides how much is logged, and nothing else',
  requirements: ['R4.7'],
  story:
    'The same three messages are sent in development, staging and production: before, during and after an outage of ' +
    'the path. As reported, the environment decided whether a connection counted as connected, so that the same code ' +
    'delivered in development and silently did nothing behind the cloud proxy.',
  fastPace: 10,
  faults: {
    outage: { fault: toxic({ type: 'blackhole', stream: 'upstream' }), link: 'agent→server', from: 'manual' },
  },
  play: async (table) => {
    const reference = await startReference(table);
    const subjects = environments.map((environment) => ({
      environment,
      claims: [] as Claim[],
      subject: createChannel(table, reference, { environment, userId: environment }),
    }));
    const sendAll = (moment: string, timeoutMs: number) =>
      Promise.all(
        subjects.map(async ({ environment, claims, subject }) => {
          const message = { type: 'user_message', id: `${moment}/${environment}`, text: moment };
          const outcome = await subject.send(message, { timeoutMs });
          claims.push({ moment, claim: 'reason' in outcome ? outcome.reason : outcome.status });
        }),
      );
    await Promise.all(subjects.map(({ subject }) => subject.channel.open()));
    await sendAll('before', 30_000);
    await table.until({ ...received, id: 'before/development' }, { withinMs: 60_000 });
    await table.inject('outage');
    await sendAll('during', 5_000);
    await table.until({ kind: 'fault.strike', fault: 'outage' }, { withinMs: 10_000 });
    await table.lift('outage');
    await table.until({ kind: 'server.log', event: 'ws_open' }, { nth: 6, withinMs: 10_000 });
    await sendAll('after', 30_000);
    await table.until({ ...received, id: 'after/development' }, { withinMs: 60_000 });
    // The log is read a little later than it is written.
    const nth = (await reference.webSocketStatistics()).messages.received;
    await table.until(received, { nth, withinMs: 60_000 });
    for (const { environment, claims, subject } of subjects) sum(table, environment, claims, subject);
  },
  checks: {
    'same-outcome': distinct('the same messages have the same outcomes in each environment', {
      of: summary,
      field: 'outcomes',
      atMost: 1,
      fewest: environments.length,
    }),
    'all-delivered': oneEffectEach('what was sent over a healthy path was received in each environment', {
      effects: { ...received, effect: 'applied' },
      operations: { ...sends, id: { matches: '^(before|after)/' } },
      key: 'id',
    }),
    'honest-success': honestClaims('every message reported as delivered was received, in each environment', {
      claims: { ...sends, status: 'acknowledged' },
      denials: { ...sends, status: 'failed' },
      received,
      key: 'id',
      given: sends,
    }),
    'other-detail': distinct('each environment logs a different amount', {
      of: summary,
      field: 'records',
      atLeast: environments.length,
      fewest: environments.length,
    }),
    'no-failure-hidden': distinct('the failed send is on record in each environment', {
      of: { kind: 'agent.log', event: 'ws_send_failed' },
      field: 'environment',
      atLeast: environments.length,
      fewest: 0,
    }),
  },
  reported: ['same-outcome', 'all-delivered', 'honest-success', 'no-failure-hidden'],
});
