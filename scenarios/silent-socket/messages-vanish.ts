/** R4.1, field issue F4: single messages are lost on a connection that lives. */
import { count, each, scenario, toxic } from 'shaketable';
import { createChannel, honestSuccess, received, sends } from '../rigs/channel.ts';
import { startReference } from '../rigs/reference.ts';

const lost = { kind: 'fault.strike', fault: 'vanish' } as const;

scenario({
  id: 'silent-socket/messages-vanish',
  title: 'A message that vanishes on a living connection does not count as delivered',
  requirements: ['R4.1', 'R4.5'],
  story:
    'A broken gateway loses two messages of a WebSocket and nothing else: the connection stays open, pings are answered, ' +
    'later messages arrive. Nothing below the application can tell. As reported, the handler returned success for each send.',
  fastPace: 10,
  faults: {
    vanish: {
      fault: toxic({
        type: 'websocket_drop',
        stream: 'upstream',
        attributes: { opcode: 'text', first: 2 },
      }),
      link: 'agent→server',
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table, { linkAnswersTls: true });
    const { channel, send } = createChannel(table, reference);
    await channel.open();
    await send({ type: 'user_message', id: 'before', text: 'is anybody there?' });
    await table.inject('vanish');
    for (const id of ['lost-1', 'lost-2', 'later-1', 'later-2'])
      await send({ type: 'user_message', id, text: 'does this arrive?' });
    await table.until({ ...received, id: 'later-2' }, { withinMs: 60_000 });
  },
  checks: {
    'honest-success': honestSuccess,
    'explicit-outcome': each('each send that vanished ends as failed or unknown', {
      of: { ...sends, id: { matches: '^lost' } },
      has: { status: { anyOf: ['failed', 'unknown'] } },
      given: lost,
    }),
    'in-time': each('and does so in time', {
      of: { ...sends, id: { matches: '^lost' } },
      has: { waitedMs: { atMost: 15_000 } },
      given: lost,
    }),
    'told-once': count('the log tells each message that may be lost once, as an error', {
      of: { kind: 'agent.log', event: 'ws_send_failed', level: 'error', messageId: { matches: '^lost' } },
      given: lost,
      atLeast: 2,
      atMost: 2,
      unit: 'records',
    }),
  },
  reported: ['honest-success', 'explicit-outcome'],
});
