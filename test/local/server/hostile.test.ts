import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import fc from '../../support/fast-check.ts';
import { type Rig, startRig, tokens, useDatabase } from './rig.ts';

const database = useDatabase();
let rig: Rig;

beforeAll(async () => {
  rig = await startRig(database(), { env: { REQUEST_BODY_LIMIT: '1000' } });
});

afterAll(() => rig?.[Symbol.asyncDispose]());

afterEach(async () => {
  expect((await rig.call('/api/fleet/machines')).status).toBe(200);
  expect(rig.log.of('internal_error')).toEqual([]);
});

const report = '/api/fleet/report';
const bearer = `Authorization: Bearer ${tokens.acme}\r\n`;

async function answerTo(bytes: string | Uint8Array): Promise<string> {
  const socket = await rig.dial();
  socket.write(bytes);
  return readAll(socket);
}

async function readAll(socket: TLSSocket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

it.each([
  ['broken JSON', { body: '{"machineId":' }, 400, 'Malformed JSON'],
  ['no JSON at all', { body: '' }, 400, 'Malformed JSON'],
  [
    'a poisoned prototype',
    { body: '{"__proto__":{"x":1},"machineId":"x","sequence":1}' },
    400,
    'Malformed JSON',
  ],
  ['too large a body', { body: JSON.stringify('x'.repeat(2000)) }, 413, 'Body is too large'],
  [
    'a form',
    { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'Body must be application/json',
  ],
  [
    'plain text',
    { body: 'x', headers: { 'content-type': 'text/plain' } },
    415,
    'Body must be application/json',
  ],
  [
    'a nonsense type',
    { body: 'x', headers: { 'content-type': 'nonsense' } },
    415,
    'Body must be application/json',
  ],
])('answers %s clearly', async (_what, call, status, error) => {
  expect(await rig.call(report, { method: 'POST', ...call })).toMatchObject({ status, body: { error } });
});

it.each([
  ['GET', report, 'POST'],
  ['DELETE', '/api/fleet/machines', 'GET, HEAD'],
  ['PUT', '/api/agents/x/heartbeat', 'POST'],
  ['OPTIONS', '/health', 'GET, HEAD'],
] as const)('answers 405 to %s %s and tells what is allowed', async (method, path, allow) => {
  const answer = await rig.call(path, { method, token: null });

  expect(answer).toMatchObject({ status: 405, body: { error: 'Method not allowed' } });
  expect(answer.headers.allow).toBe(allow);
});

it.each([
  '/nope',
  '/api',
  '/api/agents',
  '/api/fleet/report/x',
  `/${'x'.repeat(5000)}`,
  '/%00',
])('answers 404 to %.20s', async (path) => {
  expect(await rig.call(path)).toMatchObject({ status: 404, body: { error: 'Not found' } });
});

it('answers 400 to a path that cannot be decoded', async () => {
  expect((await rig.call('/api/agents/%E0%A4%A/config')).status).toBe(400);
});

it.each([
  ['no HTTP', 'nonsense\r\n\r\n', '400 Bad Request'],
  [
    'a head without end',
    `GET /health HTTP/1.1\r\nX: ${'y'.repeat(20_000)}`,
    '431 Request Header Fields Too Large',
  ],
  [
    'two lengths',
    `POST ${report} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    '400 Bad Request',
  ],
  [
    'a length and chunks',
    `POST ${report} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    '400 Bad Request',
  ],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400 Bad Request'],
])('answers %s and closes', async (_what, bytes, status) => {
  const text = await answerTo(bytes);

  expect(text.startsWith(`HTTP/1.1 ${status}\r\n`)).toBe(true);
  expect(text).toContain(`{"error":"${status.slice(4)}"}`);
});

it('closes on a broken chunk in a body', async () => {
  const text = await answerTo(
    `POST ${report} HTTP/1.1\r\nHost: x\r\n${bearer}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
  );

  expect(text).toMatch(/^HTTP\/1.1 400 /);
});

it('closes on CONNECT', async () => {
  expect(await answerTo('CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('');
});

it('survives peers that reset at any moment', async () => {
  const head = `POST ${report} HTTP/1.1\r\nHost: x\r\n${bearer}Content-Type: application/json\r\nContent-Length: 35\r\n\r\n{"machineId":"reset","sequence":10}`;
  for (let length = 0; length <= head.length; length += 13) {
    const socket = await rig.dial();
    socket.write(head.slice(0, length));
    socket.destroy();
  }
});

it('survives any bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
      const socket = await rig.dial();
      socket.end(bytes);
      await readAll(socket);
    }),
    { numRuns: 40 },
  );
});
