/** R4.5 R4.6: what the server bears of its WebSocket peers, and what it tells them. */
import { count, countsAgree, each, type Matcher, scenario, type Table } from 'shaketable';
import { about } from '../rigs/about.ts';
import { openPeer, peer } from '../rigs/peer.ts';
import { startReference } from '../rigs/reference.ts';

const pingMs = 6_000;
const closingMs = 5_000;
const largest = 65_536;
const mostBuffered = 131_072;

const closes = (user: string) => ({ kind: 'server.log', event: 'ws_close', user }) satisfies Matcher;
const errors = (user: string) => ({ kind: 'server.log', event: 'ws_error', user }) satisfies Matcher;
const letGo = (who: string) => ({ kind: 'subject.note', name: 'let_go', who }) satisfies Matcher;
const routerStatistics = { kind: 'subject.note', name: 'statistics' } satisfies Matcher;

const text = (message: object) => JSON.stringify(message);
const message = (facts: object) => text({ type: 'user_message', ...facts });
const rpc = (facts: object) => text({ jsonrpc: '2.0', ...facts });
const padded = (bytes: number) => {
  const short = message({ id: 'large', text: '' });
  return short.replace('""', `"${'x'.repeat(bytes - short.length)}"`);
};

/** What is said, by name, and what has to come back. */
const talk: Readonly<
  Record<string, readonly [said: string, answer: Readonly<Record<string, string | number | boolean | null>>]>
> = {
  'no-json': ['{', { type: 'error', id: null, code: 'invalid_json' }],
  'no-object': ['[]', { type: 'error', id: null, code: 'invalid_message' }],
  'no-type': [text({ id: 'typeless' }), { type: 'error', id: 'typeless', code: 'invalid_message' }],
  'longest-type': [
    text({ type: 't'.repeat(64), id: 'longest' }),
    { type: 'ack', id: 'longest', unknown: true },
  ],
  'type-too-long': [
    text({ type: 't'.repeat(65), id: 'too-long' }),
    { type: 'error', code: 'invalid_message' },
  ],
  'longest-id': [message({ id: 'i'.repeat(128) }), { type: 'ack', id: 'i'.repeat(128) }],
  'id-too-long': [message({ id: 'i'.repeat(129) }), { type: 'error', id: null, code: 'invalid_message' }],
  'id-of-a-fraction': [message({ id: 1.5 }), { type: 'error', id: null, code: 'invalid_message' }],
  number: [message({ id: 7 }), { type: 'ack', id: 7, duplicate: null }],
  'text-of-a-number': [message({ id: '7' }), { type: 'ack', id: '7', duplicate: null }],
  'number-again': [message({ id: 7 }), { type: 'ack', id: 7, duplicate: true }],
  'not-rpc': [rpc({ jsonrpc: '1.0', id: 'r1', method: 'ping' }), { id: 'r1', 'error.code': -32_600 }],
  'no-such-method': [rpc({ id: 'r2', method: 'fly' }), { id: 'r2', 'error.code': -32_601 }],
  echo: [rpc({ id: 'r3', method: 'echo', params: 'hello' }), { id: 'r3', result: 'hello' }],
  'who-am-i': [rpc({ id: 'r4', method: 'whoami' }), { id: 'r4', 'result.user': 'talker' }],
  'no-batch': [text({ type: 'batch', id: 'b1' }), { type: 'error', id: 'b1', code: 'invalid_message' }],
  'batch-of-batches': [
    text({ type: 'batch', id: 'b2', messages: [{ type: 'batch', messages: [] }] }),
    { type: 'error', id: 'b2', code: 'invalid_message' },
  ],
  'largest-batch': [
    text({ type: 'batch', id: 'b3', messages: Array.from({ length: 100 }, () => ({ type: 'typing' })) }),
    { type: 'ack', id: 'b3', count: 100 },
  ],
  'batch-too-large': [
    text({ type: 'batch', id: 'b4', messages: Array.from({ length: 101 }, () => ({ type: 'typing' })) }),
    { type: 'error', id: 'b4', code: 'invalid_message' },
  ],
  'as-large-as-may-be': [padded(largest), { type: 'ack', id: 'large' }],
};

scenario({
  id: 'silent-socket/server-lets-go',
  title: 'The server lets go of peers that are silent, slow or stubborn, and keeps the others',
  requirements: ['R4.5', 'R4.6'],
  subjects: ['server'],
  story:
    'One peer says all that can be wrong with a message. One answers no ping, one asks for megabytes that it does not read, one ' +
    'does not take part in its good-bye, others send what is too large or not text. Whether a client fails fast can only be ' +
    'judged on a server that does: each of them is let go in its time, and nobody else with them.',
  fastPace: 4,
  play: async (table) => {
    const reference = await startReference(table, {
      env: {
        WS_PING_INTERVAL: String(pingMs / 1_000),
        WS_MAX_MESSAGE: String(largest),
        WS_MAX_BUFFERED: String(mostBuffered),
      },
    });
    const opens = (who: string) => openPeer(table, reference, who);
    const closed = (who: string) => table.until(peer(who, 'closed'), { withinMs: 60_000 });

    await opens('sound');
    const silent = await opens('silent');
    const silence = letsGo(table, 'silent');
    silent.stopReading();
    const talker = await opens('talker');
    for (const [name, [said]] of Object.entries(talk)) {
      talker.say(name, said);
      await table.until({ ...peer('talker', 'answered'), about: name }, { withinMs: 30_000 });
    }

    const stubborn = await opens('stubborn');
    stubborn.stopReading();
    const stubbornness = letsGo(table, 'stubborn');
    stubborn.say('good-bye', text({ type: 'disconnect', id: 'good-bye' }));
    (await opens('polite')).say('good-bye', text({ type: 'disconnect', id: 'good-bye' }));
    await closed('polite');
    (await opens('binary')).say('bytes', Buffer.from('{"type":"typing"}'));
    await closed('binary');
    (await opens('too-large')).say('large', padded(largest + 1));
    await closed('too-large');

    const slow = await opens('slow');
    slow.stopReading();
    const params = 'x'.repeat(60_000);
    for (let megabytes = 0; megabytes < 48 && table.count(errors('slow')) === 0; megabytes += 3) {
      for (let id = 1; id <= 50; id += 1) slow.say('echo', rpc({ id, method: 'echo', params }));
      await table.sleep(500);
    }
    await Promise.all([silence, stubbornness]);
    const { messages, connections } = await reference.webSocketStatistics();
    table.note('statistics', { ...messages, ...connections });
    await reference.server.close();
    await closed('sound');
    await closed('talker');
  },
  checks: {
    ...Object.fromEntries(
      Object.entries(talk).map(([name, [, answer]]) => [
        name,
        each(`${name.replaceAll('-', ' ')}: is answered as it should be`, {
          of: { ...peer('talker', 'answered'), about: name },
          has: Object.fromEntries(
            Object.entries(answer).map(([field, value]) => [
              `answer.${field}`,
              value === null && field === 'duplicate' ? { exists: false } : value,
            ]),
          ),
          given: peer('talker', 'opened'),
        }),
      ]),
    ),
    'silent-let-go': about('who answers no ping is cut off at the next', letGo('silent'), 2 * pingMs),
    'silent-told': count('and the log says why', {
      of: { ...errors('silent'), 'err.message': { matches: 'not answered a ping' } },
      given: peer('silent', 'opened'),
      atLeast: 1,
      atMost: 1,
      unit: 'records',
    }),
    'stubborn-let-go': about('who does not take part in its end is cut off', letGo('stubborn'), closingMs),
    'polite-told': each('who says good-bye is told so', {
      of: peer('polite', 'closed'),
      has: { code: 1000, reason: 'Good-bye' },
      given: peer('polite', 'opened'),
    }),
    'polite-answered': each('and is answered before', {
      of: peer('polite', 'answered'),
      has: { 'answer.type': 'ack', 'answer.id': 'good-bye' },
      given: peer('polite', 'opened'),
    }),
    'binary-told': each('who sends bytes is told that there is text only', {
      of: peer('binary', 'closed'),
      has: { code: 1003, reason: 'Text frames only' },
      given: peer('binary', 'opened'),
    }),
    'too-large-told': each('who sends too much is told so', {
      of: peer('too-large', 'closed'),
      has: { code: 1009 },
      given: peer('too-large', 'opened'),
    }),
    'slow-let-go': count('who does not read is cut off before much waits for it', {
      of: { ...errors('slow'), 'err.message': { matches: 'too slow: 1\\d{5} bytes' } },
      given: peer('slow', 'opened'),
      atLeast: 1,
      unit: 'records',
    }),
    'sound-kept': each('who does what it should is kept until the server stops, and told of it', {
      of: peer('sound', 'closed'),
      has: { code: 1001, reason: 'Server is stopping' },
      given: peer('sound', 'opened'),
    }),
    'talker-kept': each('mistakes in a message are no reason to let go', {
      of: peer('talker', 'closed'),
      has: { code: 1001 },
      given: peer('talker', 'opened'),
    }),
    'ends-are-told': each('the log tells of the end of each, with what it had sent', {
      of: closes('talker'),
      has: { code: 1001, messages: Object.keys(talk).length },
      given: peer('talker', 'opened'),
    }),
    'errors-counted': countsAgree('the router counts the messages that were none', {
      of: {
        ...peer('talker', 'answered'),
        'answer.type': 'error',
        about: { matches: '^(no-(json|object|type)|type|id)-?' },
      },
      counted: routerStatistics,
      field: 'errors',
    }),
    'open-counted': each('and who is open', {
      of: routerStatistics,
      has: { open: 2 },
      given: peer('talker', 'opened'),
    }),
  },
});

/** Notes how long the server took to let a peer go, from now. */
async function letsGo(table: Table, who: string): Promise<void> {
  const since = table.clock.now();
  await table.until(closes(who), { withinMs: 60_000 });
  table.note('let_go', { who, ms: Math.round(table.clock.now() - since) });
}
