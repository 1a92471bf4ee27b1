/** R4.2: something between client and server forgets connections that are idle for too long. */
import { count, followed, type Matcher, oneEffectEach, scenario, toxic, trueBeliefs } from 'shaketable';
import { createChannel, honestSuccess, received, sends } from '../rigs/channel.ts';
import { openWitness } from '../rigs/control-socket.ts';
import { startReference } from '../rigs/reference.ts';

const states = { kind: 'subject.note', name: 'state' } satisfies Matcher;
const forgotten = { kind: 'fault.strike', fault: 'forgets' } satisfies Matcher;

/** The link's connections, in the order in which they are opened. */
const connections = { witness: 1, development: 2, production: 3, kept: 4 };

scenario({
  id: 'silent-socket/cloud-proxy-closes-idle',
  title: 'A connection that the cloud proxy forgot is found out and made again',
  requirements: ['R4.2'],
  story:
    'A cloud proxy drops connections from its table after 10 idle seconds, without a word to either end. As reported, ' +
    'the state of a WebSocket was wrong both ways: behind the cloud proxy, in production, a healthy connection counted ' +
    'as disconnected; in development a forgotten one counted as connected, since the object still had a method to ' +
    'send. A message follows when the connections are in use, and one when they have been forgotten. A third channel ' +
    'pings more often than the proxy forgets.',
  fastPace: 10,
  faults: {
    forgets: {
      fault: toxic({
        type: 'reset_idle',
        attributes: { after: 10_000, action: 'forget' },
        // Of each who dials: the witness and three channels.
        only: { first: 1 },
      }),
      link: 'agent→server',
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    const witness = await openWitness(table, reference);
    const development = createChannel(table, reference, {
      environment: 'development',
      userId: 'development',
    });
    const production = createChannel(table, reference, { environment: 'production', userId: 'production' });
    const kept = createChannel(table, reference, {
      environment: 'development',
      userId: 'kept',
      policy: { pingIntervalMs: 2_000 },
    });
    const all = [development, production, kept];
    for (const { channel } of all) await channel.open();
    const again = { idempotent: true, timeoutMs: 60_000 };
    await Promise.all(all.map(({ observe }) => observe('in use', witness, again)));

    const { development: first, production: second } = connections;
    await Promise.all(
      [first, second].map((connection) => table.until({ ...forgotten, connection }, { withinMs: 30_000 })),
    );
    await Promise.all(all.map(({ observe }) => observe('idle', witness, again)));
    await table.until({ ...received, id: 'idle/production' }, { withinMs: 13_000 });
  },
  checks: {
    'beliefs-are-true': trueBeliefs('what the channel believes of its connection is true', {
      samples: states,
      belief: 'claimed',
      open: ['open'],
      shut: ['closed'],
      received,
    }),
    'honest-success': honestSuccess,
    'nothing-lost': oneEffectEach('every message arrives once, also over a forgotten connection', {
      effects: { ...received, effect: 'applied', user: { not: 'witness' } },
      operations: sends,
      key: 'id',
    }),
    'comes-back': followed('a forgotten connection is found out and replaced', {
      each: { ...forgotten, connection: connections.development },
      by: { kind: 'server.log', event: 'ws_open', user: 'development' },
      // The next ping is due 5 s later, its answer 5 s after that, the next attempt at most 1.5 s later: 11.5 s. The
      // rest is for a busy machine; a channel that sends no pings has the whole run to notice, and does not.
      withinMs: 40_000,
    }),
    'lets-rest': count('a connection that has nothing to say is left alone between two pings', {
      of: { ...forgotten, connection: connections.development },
      given: { kind: 'server.log', event: 'ws_open', user: 'development' },
      atLeast: 1,
      unit: 'connections',
    }),
    'pings-keep-it': count('pings within the idle time keep a connection from being forgotten', {
      of: { ...forgotten, connection: connections.kept },
      atMost: 0,
      given: { kind: 'server.log', event: 'ws_open', user: 'kept' },
    }),
  },
  reported: ['beliefs-are-true', 'honest-success', 'nothing-lost'],
});
