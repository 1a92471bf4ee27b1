/** R4.1 R4.5, field issue F3: the closing handshake has begun and never ends, while the application goes on sending. */
import { each, followed, honestClaims, type Matcher, scenario, statistic, toxic } from 'shaketable';
import { answersOn, holdSocket, soundAdapter, toldClosed } from '../rigs/any-adapter.ts';
import { createChannel, sends } from '../rigs/channel.ts';
import { startReference } from '../rigs/reference.ts';

const sendsWhileClosing = { ...sends, id: { matches: '^(closing|gone)' } };
const closeReplyLost = { kind: 'fault.strike', fault: 'replies lost' } satisfies Matcher;
const socketClosed = { kind: 'subject.note', name: 'socket', number: 1, what: 'closed' } satisfies Matcher;

scenario({
  id: 'silent-socket/send-while-closing',
  title: 'A send into a closing handshake does not count as done',
  requirements: ['R4.1', 'R4.5'],
  story:
    'The server is deployed anew and closes its WebSockets with 1001. The reply of the client is lost on the way, and ' +
    'then the path is dead both ways: the handshake that has begun cannot end, and the socket stays in CLOSING while ' +
    'the application sends. As reported, the handler returned success for each message.',
  fastPace: 10,
  faults: {
    'replies lost': {
      fault: toxic({ type: 'blackhole', stream: 'upstream' }),
      link: 'agent→server',
      from: 'manual',
    },
    'path dead': { fault: toxic({ type: 'blackhole' }), link: 'agent→server', from: 'manual' },
  },
  play: async (table) => {
    const reference = await startReference(table);
    const { channel, send } = createChannel(table, reference, { environment: 'development' });
    const sendAll = (ids: string[]) =>
      Promise.all(ids.map((id) => send({ type: 'user_message', id, text: 'are you there?' })));
    await channel.open();
    await sendAll(['before']);
    await table.inject('replies lost');
    void reference.server.close();
    await table.until(closeReplyLost, { withinMs: 20_000 });
    await table.inject('path dead');
    await sendAll(['closing-1', 'closing-2', 'closing-3']);
    await table.until(socketClosed, { withinMs: 12_000 });
    await sendAll(['gone-1']);
  },
  checks: {
    'honest-success': honestClaims('every message reported as delivered was received', {
      claims: { ...sends, status: 'acknowledged' },
      denials: { ...sends, status: 'failed' },
      received: { kind: 'server.log', event: 'ws_message' },
      key: 'id',
      given: sendsWhileClosing,
    }),
    'explicit-outcome': each('each send from the closing handshake on ends as failed or unknown', {
      of: sendsWhileClosing,
      has: { status: { anyOf: ['failed', 'unknown'] } },
      given: sends,
    }),
    'fails-at-once': statistic('a send into the closing handshake fails at once', {
      of: { ...sends, id: { matches: '^closing' }, status: 'failed', reason: 'closing' },
      field: 'waitedMs',
      take: 'max',
      atMost: 3_000,
      fewest: 3,
      unit: 'ms',
    }),
    'fails-in-time': statistic('without a server the outcome is known within the bound of a send, 5 s', {
      of: { ...sends, id: { matches: '^gone' } },
      field: 'waitedMs',
      take: 'max',
      atMost: 8_500,
      unit: 'ms',
    }),
    'closing-ends': followed('the closing state ends, and its socket with it', {
      each: closeReplyLost,
      by: socketClosed,
      // The channel's bound is 3 s; the WebSocket library's own would be 30 s of real time.
      withinMs: 9_000,
      onlyFirst: true,
    }),
  },
  reported: ['honest-success', 'explicit-outcome', 'closing-ends'],
  anyAdapter: {
    kind: 'websocket',
    part: (subject) => ({
      faults: {
        'replies lost': {
          fault: toxic({ type: 'blackhole', stream: 'upstream' }),
          link: 'agent→server',
          from: 'manual',
        },
      },
      play: async (table) => {
        const { reference, send } = await holdSocket(table, subject);
        await send('before');
        await table.inject('replies lost');
        void reference.server.close();
        await table.until(closeReplyLost, { withinMs: 20_000 });
        for (const id of ['closing-1', 'closing-2']) await send(id);
        await table.until(toldClosed, { withinMs: 100_000 });
      },
      checks: {
        ...soundAdapter,
        'explicit-outcome': each('a send into the closing handshake is not taken for done', {
          of: answersOn('closing'),
          has: { answer: { anyOf: ['failed', 'unknown'] } },
          given: closeReplyLost,
        }),
        'closing-ends': followed('the closing state ends within a minute, and is told', {
          each: closeReplyLost,
          by: toldClosed,
          withinMs: 60_000,
          onlyFirst: true,
        }),
      },
    }),
  },
});
