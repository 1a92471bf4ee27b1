/** R4.8: one connection in five breaks behind a cloud proxy. */
import { honestClaims, type Matcher, ownWorlds, ratio, scenario, type Table, toxic } from 'shaketable';
import { createChannel } from '../rigs/channel.ts';
import { type Reference, startReference } from '../rigs/reference.ts';

const connections = 60;
const atATime = 6;
const wanted = { kind: 'subject.note', name: 'wanted' } satisfies Matcher;
const told = { kind: 'subject.note', name: 'told' } satisfies Matcher;

/** One user's connection: opened, in whichever way the subject goes about it, and closed again. */
async function connectOnce(table: Table, reference: Reference, userId: string): Promise<void> {
  const { channel } = createChannel(table, reference, { environment: 'production', userId });
  table.note('wanted', { user: userId });
  const outcome = await channel.open().then(
    () => 'open',
    (error: Error) => error.message,
  );
  table.note('told', { user: userId, outcome });
  await channel.close();
}

scenario({
  id: 'silent-socket/flaky-upgrades',
  title: 'Nearly every WebSocket opens although the cloud proxy breaks one connection in five',
  requirements: ['R4.8'],
  worlds: [...ownWorlds, 'external'],
  story:
    'Sixty users want a WebSocket each. Something in front of the server resets about 20 % of the connections, drawn ' +
    'from the seed, at the end of the TLS handshake, where the upgrade would begin. As reported, about 80 % of the ' +
    'cloud connections succeeded before the fixes and about 95 % after them.',
  fastPace: 5,
  faults: {
    'breaks upgrades': {
      fault: toxic({ type: 'tls_cut', attributes: { share: 0.2, stage: 'finished' } }),
      link: 'agent→server',
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    const users = Array.from({ length: connections }, (_, index) => `user-${index + 1}`);
    const next = users.values();
    const workers = Array.from({ length: atATime }, async () => {
      for (const user of next) await connectOnce(table, reference, user);
    });
    await Promise.all(workers);
  },
  checks: {
    'connections-succeed': ratio('at least 95 % of the wanted connections are open at the server', {
      of: { kind: 'server.log', event: 'ws_open' },
      per: wanted,
      atLeast: 0.95,
      fewest: connections,
      unit: '%',
    }),
    'told-as-it-is': honestClaims('who is told of an open connection has one at the server, nobody else', {
      claims: { ...told, outcome: 'open' },
      denials: { ...told, outcome: { not: 'open' } },
      received: { kind: 'server.log', event: 'ws_open' },
      key: 'user',
      given: told,
    }),
  },
  reported: ['connections-succeed'],
  claims: [
    {
      id: 'cloud-connection-success',
      figure: 'connection success behind the cloud proxy',
      requirement: 'R4.8',
      reportedBefore: 80,
      reportedAfter: 95,
      unit: '%',
      check: 'connections-succeed',
      scale: 100,
      before: [65, 94],
      after: [95, 100],
    },
  ],
});
