/** R4.8, field issues F11 and F13: upgrades refused with 401, 403, 429, 500 and 503. */
import {
  changeRows,
  count,
  distinct,
  each,
  intervals,
  type Matcher,
  scenario,
  type Table,
  trueBeliefs,
} from 'shaketable';
import { createChannel, honestSuccess, received } from '../rigs/channel.ts';
import { startGateway } from '../rigs/gateway.ts';
import { type Reference, startReference } from '../rigs/reference.ts';

const states = { kind: 'subject.note', name: 'state' } satisfies Matcher;
const upgrades = { kind: 'server.log', event: 'gateway_upgrade' } satisfies Matcher;
const refused = { kind: 'server.log', event: 'auth_failed', path: '/ws' } satisfies Matcher;
const forGood = { user: { anyOf: ['refused-401', 'refused-403'] } };

/** A second client, whose account is suspended by the scenario. */
async function addSecondClient(table: Table, { database }: Reference): Promise<string> {
  const token = `tokOfTheSuspendedAccount${Math.floor(table.random.fork('second client').next() * 1e9)}`;
  table.plantSecret('token of the suspended account', token);
  await database.server.query(
    `INSERT INTO ${database.schema.database}.clients (id, name, email, client_token, is_active) VALUES (?, ?, ?, ?, 1)`,
    ['client-second', 'Second Ltd', 'fleet@second.test', token],
  );
  return token;
}

/** Opens a channel and journals what its owner was told. Nothing else happens until it is asked again. */
async function open(table: Table, status: string, target: { url: string; token: string }) {
  const user = `refused-${status}`;
  const subject = createChannel(table, target, { environment: 'development', userId: user });
  const told = await subject.channel.open().then(
    () => 'open',
    (error: Error) => error.message,
  );
  table.note('told', { user, told });
  return subject;
}

scenario({
  id: 'silent-socket/upgrade-refused',
  title: 'A refused upgrade is taken for what it is: for good, for later, or for a moment',
  requirements: ['R4.8'],
  story:
    'Five channels are refused: one has a token that nobody knows (401), one belongs to a suspended account (403), and ' +
    'a gateway in front of the server answers the first upgrades of the others with 429 and Retry-After: 8, with 500 ' +
    'and with 503. In the field such clients stayed in a state of "connecting", never tried again, or did so for ever.',
  fastPace: 10,
  faults: {
    'account suspended': {
      fault: changeRows({
        kind: 'account_disabled',
        apply: "UPDATE {schema}.clients SET is_active = 0 WHERE id = 'client-second'",
        struckBy: { ...refused, reason: 'inactive_client' },
      }),
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    const suspended = await addSecondClient(table, reference);
    await table.inject('account suspended');
    const targets = {
      401: { url: reference.url, token: 'a-token-that-nobody-knows' },
      403: { url: reference.url, token: suspended },
      429: await startGateway(table, reference, { status: 429, times: 1, retryAfterSeconds: 8 }),
      500: await startGateway(table, reference, { status: 500, times: 2 }),
      503: await startGateway(table, reference, { status: 503, times: 2 }),
    };
    const subjects = await Promise.all(
      Object.entries(targets).map(([status, target]) => open(table, status, target)),
    );
    await table.sleep(10_000);
    await Promise.all(subjects.map(({ observe }) => observe('settled')));
  },
  checks: {
    'state-is-true': trueBeliefs(
      'each channel settles, and what it then believes of its connection is true',
      {
        samples: states,
        belief: 'claimed',
        open: ['open', 'connecting', 'closing', 'suspect', 'unknown'],
        shut: ['closed'],
        received,
      },
    ),
    'stops-for-good': each('401 and 403 leave the channel closed', {
      of: { ...states, ...forGood },
      has: { claimed: 'closed' },
      given: refused,
    }),
    'asks-once': count('401 and 403 are asked for once each, and not again in 10 s', {
      of: refused,
      given: refused,
      atLeast: 2,
      atMost: 2,
    }),
    'told-why': each('the owner of the channel is told the status', {
      of: { kind: 'subject.note', name: 'told', ...forGood },
      has: { told: { matches: '401|403' } },
      given: refused,
    }),
    'logged-once': count('401 and 403 are logged as errors of authentication, once each', {
      of: { kind: 'agent.log', event: 'auth_refused', level: 'error' },
      given: refused,
      atLeast: 2,
      atMost: 2,
    }),
    'comes-back': distinct('429, 500 and 503 are tried again until the WebSocket is open', {
      of: { kind: 'server.log', event: 'ws_open' },
      field: 'user',
      atLeast: 3,
      atMost: 3,
      fewest: 0,
    }),
    'waits-as-told': intervals('429 is tried again when Retry-After says so', {
      of: { ...upgrades, gateway: 429 },
      expectMs: [8_000],
      below: 0.05,
      above: 2,
    }),
    'backs-off': intervals('500 and 503 are tried again after waits that grow', {
      of: { ...upgrades, gateway: { anyOf: [500, 503] } },
      groupBy: 'gateway',
      expectMs: [1_000, 2_000],
      // Half of each wait is left to chance. What matters is that it waits, and that these attempts are all.
      below: 0.55,
      above: 29,
    }),
    'honest-success': honestSuccess,
  },
  reported: ['state-is-true', 'comes-back', 'logged-once', 'honest-success'],
});
