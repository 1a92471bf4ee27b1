/** R4.6: every handler of the message router, over a slow path in small pieces, with a reset in the middle. */
import {
  countsAgree,
  distinct,
  each,
  followed,
  type Matcher,
  oneEffectEach,
  scenario,
  toxic,
} from 'shaketable';
import type { ChannelMessage } from '../../services/agent/websocket/index.ts';
import { createChannel, honestSuccess, received, sends } from '../rigs/channel.ts';
import { startReference } from '../rigs/reference.ts';

const statistics = { kind: 'subject.note', name: 'statistics' } satisfies Matcher;
const cut = { kind: 'fault.strike', fault: 'answer cut off' } satisfies Matcher;

/** A message for each of the eight handlers, and one that nobody knows. */
function oneOfEach(round: string): (ChannelMessage & { id: string })[] {
  const bodies: Record<string, ChannelMessage> = {
    connect: { type: 'connect' },
    typing: { type: 'typing' },
    heartbeat: { type: 'heartbeat' },
    agent: { type: 'agent_status', status: 'working' },
    user: { type: 'user_message', text: 'hello' },
    rpc: { type: 'jsonrpc', jsonrpc: '2.0', method: 'whoami' },
    error: { type: 'error', message: 'something went wrong here' },
    batch: { type: 'batch', messages: [{ type: 'user_message', id: `${round}/in a batch`, text: 'hello' }] },
    unknown: { type: 'no_such_type' },
  };
  return Object.entries(bodies).map(([name, body]) => ({ ...body, id: `${round}/${name}` }));
}

scenario({
  id: 'silent-socket/router-through-faults',
  title: 'Every kind of message is answered once, through latency, fragments and a reset',
  requirements: ['R4.6'],
  story:
    'Messages for all eight handlers of the router and one of an unknown type go over a slow path that cuts frames into ' +
    'small pieces. In the middle the connection is reset on the first byte of an answer: the server has taken the ' +
    'message, and the client cannot know. Then everything is sent once more. Messages are marked as safe to repeat.',
  faults: {
    slow: {
      fault: toxic({ type: 'latency', attributes: { latency: 200, jitter: 100 } }),
      link: 'agent→server',
    },
    pieces: {
      fault: toxic({
        type: 'slicer',
        stream: 'upstream',
        attributes: { average_size: 40, size_variation: 20 },
      }),
      link: 'agent→server',
    },
    'answer cut off': {
      fault: toxic({ type: 'reset_after', attributes: { bytes: 1 } }),
      link: 'agent→server',
      from: 'manual',
      until: { strikes: 1 },
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    // Counted when the channel is closed and the server still there.
    table.serve({
      async [Symbol.asyncDispose]() {
        const { messages, connections } = await reference.webSocketStatistics();
        table.note('statistics', { ...messages, opened: connections.opened });
      },
    });
    const { channel, send } = createChannel(table, reference, { environment: 'development' });
    const again = { idempotent: true, timeoutMs: 60_000 };
    const sendAll = (all: (ChannelMessage & { id: string })[]) =>
      Promise.all(all.map((message) => send(message, again)));
    await channel.open();
    await sendAll(oneOfEach('before'));
    await table.until({ kind: 'server.log', event: 'ws_sent', id: 'before/unknown' }, { withinMs: 20_000 });
    await table.inject('answer cut off');
    const caught = send({ type: 'user_message', id: 'caught/user', text: 'hello' }, again);
    await table.until(cut, { withinMs: 20_000 });
    await Promise.all([caught, sendAll(oneOfEach('after'))]);
  },
  checks: {
    'honest-success': honestSuccess,
    'one-effect': oneEffectEach('a user message takes effect once, although one was sent again', {
      effects: { ...received, effect: 'applied', id: { matches: '/user$' } },
      operations: { ...sends, type: 'user_message' },
      key: 'id',
    }),
    'all-delivered': each('every send is acknowledged in the end', {
      of: sends,
      has: { status: 'acknowledged' },
      given: sends,
    }),
    'all-handlers': distinct('all eight handlers and the answer to unknown types are used after the reset', {
      of: { ...received, id: { matches: '^after/' } },
      field: 'handler',
      atLeast: 9,
    }),
    answered: followed('every message received is answered, the unknown ones too', {
      each: { ...received, id: { matches: '/(?!in a batch)' } },
      by: { kind: 'server.log', event: 'ws_sent' },
      same: 'id',
    }),
    'statistics-agree': countsAgree('the router counts as many messages as its log tells', {
      of: received,
      counted: statistics,
      field: 'received',
    }),
    'answers-agree': countsAgree('and as many answers', {
      of: { kind: 'server.log', event: 'ws_sent' },
      counted: statistics,
      field: 'sent',
    }),
    'connections-agree': countsAgree('and as many connections', {
      of: { kind: 'server.log', event: 'ws_open' },
      counted: statistics,
      field: 'opened',
    }),
    'unknown-counted': countsAgree('it counts those of an unknown type on their own', {
      of: { ...received, handler: 'unknown' },
      counted: statistics,
      field: 'unknown',
    }),
  },
  reported: ['honest-success', 'one-effect'],
});
