/** R4.2, field issues F1 and F5: what a channel says about its connection, against whether a message arrives. */
import { count, followed, type Matcher, ownWorlds, scenario, toxic, trueBeliefs } from 'shaketable';
import { createChannel, honestSuccess, received } from '../rigs/channel.ts';
import { openWitness, type Witness } from '../rigs/control-socket.ts';
import { type Reference, startReference } from '../rigs/reference.ts';

const environments = ['development', 'production'] as const;
/** One at each of the four points of the life of a channel. */
const messages = environments.length * 4;
const silence = { kind: 'fault.installed', fault: 'peer gone' } satisfies Matcher;

type Table = Parameters<typeof startReference>[0];

/** Looks at a connection at each point of its life: before it is open, in use, while it closes, and half open. */
async function liveThrough(
  table: Table,
  reference: Reference,
  witness: Witness,
  environment: (typeof environments)[number],
): Promise<() => Promise<unknown>> {
  const make = (part: string) =>
    createChannel(table, reference, { environment, userId: `${part}-${environment}` });

  const early = make('early');
  const opening = early.channel.open();
  await Promise.all([early.observe('before open'), opening]);
  await early.channel.close();

  const steady = make('steady');
  await steady.channel.open();
  await steady.observe('in use', witness);

  const leaving = make('leaving');
  await leaving.channel.open();
  const closed = leaving.channel.close();
  await leaving.observe('closing');
  await closed;
  return () => steady.observe('half open', witness);
}

scenario({
  id: 'silent-socket/state-is-not-proof',
  title: 'What a channel says about its connection is true at every point of its life',
  requirements: ['R4.2'],
  worlds: [...ownWorlds, 'external'],
  story:
    'As reported, the state of a WebSocket was a guess by environment: in production everything without the expected ' +
    'attributes counted as disconnected, elsewhere everything with a method to send counted as connected. Here each ' +
    'channel is asked before it is open, in use, while it closes, and 25 s after its peer fell silent. Each time it ' +
    'sends a message, and a plain WebSocket beside it sends one: what arrives is the truth.',
  faults: {
    'peer gone': {
      fault: toxic({ type: 'blackhole', stream: 'upstream' }),
      link: 'agent→server',
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    const witness = await openWitness(table, reference);
    const looks = await Promise.all(
      environments.map((environment) => liveThrough(table, reference, witness, environment)),
    );
    await table.inject('peer gone');
    await table.sleep(25_000);
    await Promise.all(looks.map((look) => look()));
  },
  checks: {
    'beliefs-are-true': trueBeliefs('what the channel believes of its connection is true', {
      samples: { kind: 'subject.note', name: 'state' },
      belief: 'claimed',
      open: ['open'],
      shut: ['closed'],
      received,
    }),
    'honest-success': honestSuccess,
    'told-once': count('no message is told to be lost more than once', {
      of: { kind: 'agent.log', event: 'ws_send_failed', level: 'error' },
      given: silence,
      atMost: messages,
      unit: 'ERROR records',
    }),
    'silence-is-noticed': followed(
      'a silent peer is suspected within the time between pings and the wait for one',
      {
        each: silence,
        by: { kind: 'agent.log', event: 'ws_state', from: 'open', to: 'suspect' },
        // 15 s between pings, 2 s until one is late; and a busy machine.
        withinMs: 22_000,
      },
    ),
  },
  reported: ['beliefs-are-true', 'honest-success', 'silence-is-noticed'],
});
