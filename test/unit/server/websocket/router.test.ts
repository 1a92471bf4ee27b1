import { expect, it } from 'vitest';
import { handlers } from '../../../../services/server/websocket/handlers.ts';
import { createRouter, type RoutedMessage } from '../../../../services/server/websocket/router.ts';
import { createStatistics } from '../../../../services/server/websocket/statistics.ts';
import fc from '../../../support/fast-check.ts';

function routing() {
  const statistics = createStatistics();
  const router = createRouter(statistics);
  const routed: RoutedMessage[] = [];
  const origin = (user: string) => ({
    connectionId: 'c1',
    user,
    onRouted: (message: RoutedMessage) => void routed.push(message),
  });
  const receive = (message: unknown, user = 'ann') =>
    router.receive(typeof message === 'string' ? message : JSON.stringify(message), origin(user));
  return { receive, routed, statistics };
}

it('has the eight handlers of the report', () => {
  expect(handlers.map(({ name }) => name)).toEqual([
    'ConnectionHandler',
    'TypingHandler',
    'HeartbeatHandler',
    'AgentHandler',
    'UserMessageHandler',
    'JsonRpcHandler',
    'ErrorHandler',
    'BatchMessageHandler',
  ]);
});

it.each([
  ['connect', 'ConnectionHandler'],
  ['disconnect', 'ConnectionHandler'],
  ['typing', 'TypingHandler'],
  ['agent_task', 'AgentHandler'],
  ['user_message', 'UserMessageHandler'],
  ['error', 'ErrorHandler'],
])('acknowledges %s by %s', (type, handler) => {
  const { receive, routed } = routing();

  expect(receive({ type, id: 'm1' }).answers).toEqual([
    expect.objectContaining({ type: 'ack', id: 'm1', of: type, handler }),
  ]);
  expect(routed).toEqual([expect.objectContaining({ type, id: 'm1', handler })]);
});

it('answers a heartbeat with pong, with and without an id', () => {
  const { receive } = routing();

  expect(receive({ type: 'heartbeat', id: 7 }).answers).toEqual([
    { type: 'pong', id: 7, of: 'heartbeat', handler: 'HeartbeatHandler' },
  ]);
  expect(receive({ type: 'ping' }).answers).toEqual([
    { type: 'pong', of: 'ping', handler: 'HeartbeatHandler' },
  ]);
});

it('answers nothing to a known message without an id', () => {
  expect(routing().receive({ type: 'typing' }).answers).toEqual([]);
});

it('acknowledges what nobody knows, with and without an id', () => {
  const { receive, statistics } = routing();

  expect(receive({ type: 'dance', id: 'm1' }).answers).toEqual([
    { type: 'ack', id: 'm1', of: 'dance', handler: 'unknown', unknown: true },
  ]);
  expect(receive({ type: 'dance' }).answers).toEqual([
    { type: 'ack', id: null, of: 'dance', handler: 'unknown', unknown: true },
  ]);
  expect(statistics.read().messages).toMatchObject({ received: 2, unknown: 2 });
});

it('closes the connection after a disconnect alone', () => {
  const { receive } = routing();

  expect(receive({ type: 'connect', id: 1 }).close).toBe(false);
  expect(receive({ type: 'disconnect', id: 2 }).close).toBe(true);
});

it('gives a user message its effect once for its user and id', () => {
  const { receive, routed } = routing();

  receive({ type: 'user_message', id: 'm1' }, 'ann');
  const again = receive({ type: 'user_message', id: 'm1' }, 'ann');
  receive({ type: 'user_message', id: 'm1' }, 'bob');
  receive({ type: 'user_message' }, 'ann');
  receive({ type: 'user_message' }, 'ann');

  expect(again.answers).toEqual([expect.objectContaining({ type: 'ack', id: 'm1', duplicate: true })]);
  expect(routed.map(({ effect }) => effect)).toEqual([
    'applied',
    'duplicate',
    'applied',
    'applied',
    'applied',
  ]);
});

it.each([
  ['ping', { result: 'pong' }],
  ['whoami', { result: { user: 'ann' } }],
  ['nope', { error: { code: -32601, message: 'Method not found' } }],
])('answers the JSON-RPC method %s', (method, expected) => {
  expect(routing().receive({ jsonrpc: '2.0', id: 3, method }).answers).toEqual([
    { jsonrpc: '2.0', id: 3, ...expected },
  ]);
});

it('answers a JSON-RPC notification with nothing and a broken request with an error', () => {
  const { receive } = routing();

  expect(receive({ jsonrpc: '2.0', method: 'ping' }).answers).toEqual([]);
  expect(receive({ jsonrpc: '1.0', method: 'ping', id: 4 }).answers).toEqual([
    { jsonrpc: '2.0', id: 4, error: { code: -32600, message: 'Invalid Request' } },
  ]);
});

it('answers each message of a batch, then the batch', () => {
  const { receive, routed } = routing();

  const { answers } = receive({
    type: 'batch',
    id: 'b',
    messages: [{ type: 'typing', id: 1 }, 'nonsense', { type: 'typing' }, { type: 'ping', id: 2 }],
  });

  expect(answers).toEqual([
    expect.objectContaining({ type: 'ack', id: 1 }),
    expect.objectContaining({ type: 'error', id: null, code: 'invalid_message' }),
    expect.objectContaining({ type: 'pong', id: 2 }),
    expect.objectContaining({ type: 'ack', id: 'b', of: 'batch', count: 4 }),
  ]);
  expect(routed).toHaveLength(4);
});

it.each([
  ['no list', {}],
  ['too long a list', { messages: Array.from({ length: 101 }, () => ({ type: 'typing' })) }],
  ['a batch in it', { messages: [{ type: 'batch', messages: [] }] }],
])('refuses a batch with %s', (_what, facts) => {
  expect(routing().receive({ type: 'batch', id: 'b', ...facts }).answers).toEqual([
    expect.objectContaining({ type: 'error', id: 'b', code: 'invalid_message' }),
  ]);
});

it.each([
  ['{', 'invalid_json'],
  ['', 'invalid_json'],
  ['[]', 'invalid_message'],
  ['null', 'invalid_message'],
  ['"text"', 'invalid_message'],
  ['{}', 'invalid_message'],
  ['{"type":5}', 'invalid_message'],
  [JSON.stringify({ type: 'x'.repeat(65) }), 'invalid_message'],
  ['{"type":"typing","id":{}}', 'invalid_message'],
  ['{"type":"typing","id":1.5}', 'invalid_message'],
])('answers %s with the error %s', (text, code) => {
  const { receive, statistics } = routing();

  expect(receive(text).answers).toEqual([expect.objectContaining({ type: 'error', code })]);
  expect(statistics.read().messages).toMatchObject({ received: 1, errors: 1 });
});

it('counts by type and handler, and not by types that peers invent', () => {
  const { receive, statistics } = routing();
  for (const type of ['typing', 'typing', 'ping', 'dance-1', 'dance-2']) receive({ type });

  expect(statistics.read().messages).toMatchObject({
    received: 5,
    unknown: 2,
    byType: { typing: 2, ping: 1 },
    byHandler: { TypingHandler: 2, HeartbeatHandler: 1 },
  });
});

it('gives every message with an id exactly one answer that names the id', () => {
  const types = fc.oneof(
    fc.constantFrom(...handlers.flatMap((handler) => handler.types)),
    fc.string({ minLength: 1, maxLength: 64 }),
  );
  const ids = fc.oneof(fc.string({ minLength: 1, maxLength: 128 }), fc.maxSafeInteger());
  const { receive } = routing();

  fc.assert(
    fc.property(types, ids, fc.dictionary(fc.string(), fc.jsonValue()), (type, id, rest) => {
      const { answers } = receive({ ...rest, type, id });
      expect(answers.filter((answer) => answer.id === id)).toHaveLength(1);
    }),
  );
});

it('answers any text without throwing', () => {
  const { receive } = routing();

  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void receive(text)));
});
