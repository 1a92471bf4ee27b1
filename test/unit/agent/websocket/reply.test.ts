import { expect, it } from 'vitest';
import { parseReply } from '../../../../services/agent/websocket/reply.ts';

it.each([
  [
    { type: 'ack', id: 'a', handler: 'TypingHandler' },
    { id: 'a', accepted: true, handler: 'TypingHandler' },
  ],
  [
    { type: 'pong', id: 'a' },
    { id: 'a', accepted: true },
  ],
  [
    { jsonrpc: '2.0', id: 'a', error: { code: -32601 } },
    { id: 'a', accepted: true },
  ],
  [
    { type: 'error', id: 'a', code: 'invalid_message' },
    { id: 'a', accepted: false },
  ],
])('reads %j as a reply', (value, reply) => {
  expect(parseReply(JSON.stringify(value))).toEqual(reply);
});

it.each([
  '',
  'not json',
  'null',
  '[]',
  '{"type":"ack"}',
  '{"type":"ack","id":7}',
  '{"type":"user_message","id":"a"}',
])('takes %s for no reply', (text) => {
  expect(parseReply(text)).toBeUndefined();
});
