/** R4.3 R1.8: a failure that is logged has to be enough to find its cause. */
import { each, type Matcher, scenario, toxic } from 'shaketable';
import { createChannel } from '../rigs/channel.ts';
import { startReference } from '../rigs/reference.ts';

const user = '105945141827451681156';
const sends = { kind: 'subject.note', name: 'send', id: { matches: '^closing' } } satisfies Matcher;
/** Whatever is logged about a send that failed: a line of text as reported, a record from the hardened channel. */
const failures = {
  kind: 'agent.log',
  message: { matches: `for user ${user}: (WebSocket is not open|The message)` },
} satisfies Matcher;

scenario({
  id: 'silent-socket/failure-has-context',
  title: 'The record of a failed send says who, what, where and why, and nothing is cut off',
  requirements: ['R4.3', 'R1.8'],
  story:
    'Messages are sent while the server, on its way down, waits for the end of a closing handshake that cannot end. As ' +
    'reported, each failure left one line, cut off after 100 characters: no message type, no state of the WebSocket, ' +
    'no environment, no stack, and the end of the message missing.',
  faults: {
    'replies lost': {
      fault: toxic({ type: 'blackhole', stream: 'upstream' }),
      link: 'agent→server',
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    const { channel, send } = createChannel(table, reference, { environment: 'development', userId: user });
    await channel.open();
    await send({ type: 'user_message', id: 'before', text: 'are you there?' });
    await table.inject('replies lost');
    void reference.server.close();
    await table.until({ kind: 'fault.strike', fault: 'replies lost' }, { withinMs: 20_000 });
    await send({ type: 'user_message', id: 'closing-1', text: 'are you there?' });
    await send({ type: 'agent_status', id: 'closing-2', status: 'still here' });
    await table.until(failures, { nth: 2, withinMs: 5_000 });
  },
  checks: {
    'who-and-what': each('each record has the user and the message that failed', {
      of: failures,
      has: {
        user,
        messageType: { anyOf: ['user_message', 'agent_status'] },
        messageId: { matches: '^closing' },
      },
      given: sends,
    }),
    where: each('each record has the state of the WebSocket and the environment', {
      of: failures,
      has: { websocketState: 'closing', environment: 'development' },
      given: sends,
    }),
    why: each('each record has type, message and full stack of the error', {
      of: failures,
      has: {
        'err.type': { matches: '^[A-Z]\\w+$' },
        'err.message': { matches: '\\w+' },
        'err.stack': { matches: '^\\w+: [\\s\\S]+(\\n +at .+:\\d+:\\d+\\)?){3,}' },
      },
      given: sends,
    }),
    outcome: each('each record says what became of the message, and how long that took', {
      of: failures,
      has: {
        outcome: { anyOf: ['failed', 'unknown'] },
        reason: { matches: '\\w' },
        waitedMs: { atLeast: 0 },
      },
      given: sends,
    }),
    'nothing-cut': each('each message is whole: it ends with the state that made the send fail', {
      of: failures,
      has: { message: { matches: '(CLOSING\\)|closing)$' } },
      given: sends,
    }),
  },
  reported: ['who-and-what', 'where', 'why', 'nothing-cut'],
});
