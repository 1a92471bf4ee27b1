import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { scaledClock, systemClock } from '../../../proxy/core/clock.ts';
import { type Rig, startRig, tokens, useDatabase } from './rig.ts';

const database = useDatabase();
let rig: Rig;

beforeAll(async () => {
  rig = await startRig(database(), { env: { WS_MAX_MESSAGE: '4096', WS_MAX_BUFFERED: '100000' } });
});

afterAll(() => rig?.[Symbol.asyncDispose]());

async function open(path?: string): Promise<WebSocket> {
  const socket = rig.webSocket(path);
  await once(socket, 'open');
  return socket;
}

async function ask(socket: WebSocket, message: unknown): Promise<Record<string, unknown>> {
  socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  const [data] = await once(socket, 'message');
  return JSON.parse(String(data));
}

/** Close code and reason, as the peer sees them. */
async function closing(socket: WebSocket): Promise<{ code: number; reason: string }> {
  socket.on('error', () => {});
  const [code, reason] = await once(socket, 'close');
  return { code, reason: String(reason) };
}

/** A text frame as RFC 6455 wants it from a client, with a mask of zeros. */
function frame(opcode: number, payload: string, { masked = true, reserved = 0 } = {}): Buffer {
  const mask = masked ? Buffer.alloc(4) : Buffer.alloc(0);
  const length = payload.length | (masked ? 0x80 : 0);
  return Buffer.concat([Buffer.from([0x80 | reserved | opcode, length]), mask, Buffer.from(payload)]);
}

function rawSocketOf(socket: WebSocket): {
  write(data: Buffer): void;
  resetAndDestroy?(): void;
  destroy(): void;
} {
  return (socket as unknown as { _socket: { write(data: Buffer): void; destroy(): void } })._socket;
}

it('speaks for the user that the address names, and for the client without one', async () => {
  expect(await ask(await open('/ws?user=ann'), { type: 'connect', id: 'm1' })).toEqual({
    type: 'ack',
    id: 'm1',
    of: 'connect',
    handler: 'ConnectionHandler',
    connectionId: expect.stringMatching(/^c\d+$/),
    user: 'ann',
  });
  expect(await ask(await open(), { type: 'connect', id: 'm2' })).toMatchObject({ user: 'acme' });
});

it.each([
  ['no token', {}, 401, 'Invalid client token'],
  ['a wrong token', { authorization: 'Bearer wrong' }, 401, 'Invalid client token'],
  ['an inactive client', { authorization: `Bearer ${tokens.inactive}` }, 403, 'Client account is not active'],
])('refuses the upgrade for %s with %i before it', async (_what, headers, status, error) => {
  const socket = rig.webSocket('/ws', headers as Record<string, string>);
  const [, response] = await once(socket, 'unexpected-response');
  let body = '';
  for await (const chunk of response) body += chunk;

  expect(response.statusCode).toBe(status);
  expect(JSON.parse(body)).toEqual({ error });
  expect(await rig.log.find('request', { path: '/ws', status })).toBeDefined();
});

it('refuses a user name that is none', async () => {
  const socket = rig.webSocket('/ws?user=%0a');
  const [, response] = await once(socket, 'unexpected-response');
  response.resume();

  expect(response.statusCode).toBe(400);
});

it('answers 426 without an upgrade and 404 for an upgrade elsewhere', async () => {
  expect(await rig.call('/ws')).toMatchObject({
    status: 426,
    body: { error: 'Upgrade to WebSocket required' },
  });
  const socket = rig.webSocket('/elsewhere');
  const [, response] = await once(socket, 'unexpected-response');
  response.resume();
  expect(response.statusCode).toBe(404);
});

it('answers 400 to an upgrade that is broken', async () => {
  const socket = await rig.dial();
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.acme}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  const [data] = await once(socket, 'data');

  expect(String(data)).toMatch(/^HTTP\/1.1 400 /);
});

it('acknowledges what it knows and what it does not, and says what is no message', async () => {
  const socket = await open();

  expect(await ask(socket, { type: 'user_message', id: 'm1', text: 'hi' })).toMatchObject({
    type: 'ack',
    id: 'm1',
  });
  expect(await ask(socket, { type: 'heartbeat', id: 'm2' })).toMatchObject({ type: 'pong', id: 'm2' });
  expect(await ask(socket, { type: 'dance', id: 'm3' })).toMatchObject({ type: 'ack', handler: 'unknown' });
  expect(await ask(socket, { jsonrpc: '2.0', id: 4, method: 'ping' })).toEqual({
    jsonrpc: '2.0',
    id: 4,
    result: 'pong',
  });
  expect(await ask(socket, '{')).toMatchObject({ type: 'error', code: 'invalid_json' });
});

it('answers every message of many in order', async () => {
  const socket = await open();
  const ids = Array.from({ length: 200 }, (_, index) => index);
  const answered: number[] = [];
  const done = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      answered.push(JSON.parse(String(data)).id);
      if (answered.length === ids.length) resolve();
    });
  });

  for (const id of ids) socket.send(JSON.stringify({ type: 'user_message', id }));
  await done;

  expect(answered).toEqual(ids);
});

it('logs what came and what was sent, by id', async () => {
  const socket = await open('/ws?user=bob');
  await ask(socket, { type: 'user_message', id: 'logged-1' });

  expect(await rig.log.find('ws_message', { id: 'logged-1' })).toMatchObject({
    user: 'bob',
    type: 'user_message',
    handler: 'UserMessageHandler',
    effect: 'applied',
  });
  expect(await rig.log.find('ws_sent', { id: 'logged-1' })).toMatchObject({ user: 'bob', type: 'ack' });
  socket.close(1000, 'bye');
  expect(await rig.log.find('ws_close', { user: 'bob' })).toMatchObject({
    code: 1000,
    reason: 'bye',
    messages: 1,
  });
});

it('says good-bye to who disconnects', async () => {
  const socket = await open();
  const closed = closing(socket);

  expect(await ask(socket, { type: 'disconnect', id: 'm1' })).toMatchObject({
    type: 'ack',
    of: 'disconnect',
  });
  expect(await closed).toEqual({ code: 1000, reason: 'Good-bye' });
});

it('closes with 1003 on binary and with 1009 on too long a message', async () => {
  const binary = await open();
  binary.send(Buffer.from([1, 2, 3]));
  expect((await closing(binary)).code).toBe(1003);

  const long = await open();
  long.send('x'.repeat(5000));
  expect((await closing(long)).code).toBe(1009);
});

it.each([
  ['a reserved bit', frame(1, 'x', { reserved: 0x40 }), 1002],
  ['a frame without mask', frame(1, 'x', { masked: false }), 1002],
  ['an unknown opcode', frame(5, 'x'), 1002],
  ['a continuation of nothing', frame(0, 'x'), 1002],
  ['text that is not UTF-8', Buffer.concat([frame(1, '').fill(0x81, 1, 2), Buffer.from([0xff])]), 1007],
])('closes with %3$i on %1$s and goes on', async (_what, bytes, code) => {
  const socket = await open();
  const closed = closing(socket);

  rawSocketOf(socket).write(bytes);

  expect((await closed).code).toBe(code);
  expect((await rig.call('/health')).status).toBe(200);
});

it('notes a peer that vanishes without a word', async () => {
  const socket = await open('/ws?user=vanishing');
  rawSocketOf(socket).destroy();

  expect(await rig.log.find('ws_close', { user: 'vanishing' })).toMatchObject({ code: 1006 });
});

it('drops a peer that asks and never reads', async () => {
  const socket = await open('/ws?user=slow');
  socket.on('error', () => {});
  const messages = Array.from({ length: 100 }, () => ({ type: 'ping', id: 'x'.repeat(20) }));
  const batch = JSON.stringify({ type: 'batch', messages: messages.slice(0, 60) });
  socket.pause();
  const flood = setInterval(() => socket.send(batch), 0);
  const record = await rig.log.find('ws_error', { user: 'slow' });
  clearInterval(flood);

  expect((record.err as { message: string }).message).toMatch(/too slow: \d+ bytes/);
  expect(await rig.log.find('ws_close', { user: 'slow' })).toMatchObject({ code: 1006 });
});

it('ends a connection whose peer answers no pings, and keeps one that does', async () => {
  const clock = scaledClock(systemClock(), 50);
  await using watched = await startRig(database(), { clock, env: { WS_PING_INTERVAL: '20' } });
  const dead = watched.webSocket('/ws?user=dead');
  const living = watched.webSocket('/ws?user=living');
  await Promise.all([once(dead, 'open'), once(living, 'open')]);
  const openedAt = clock.now();
  dead.pause();

  const record = await watched.log.find('ws_close', { user: 'dead' });

  expect(record.time - openedAt).toBeLessThan(60_000);
  expect(living.readyState).toBe(living.OPEN);
});

it('counts connections and messages', async () => {
  const before = rig.server.stats().webSocket;
  const socket = await open();
  await ask(socket, { type: 'typing', id: 1 });

  const { body } = await rig.call('/api/ws/stats');

  expect(body).toMatchObject({
    connections: { opened: before.connections.opened + 1 },
    messages: { received: before.messages.received + 1, byHandler: { TypingHandler: expect.any(Number) } },
  });
});
