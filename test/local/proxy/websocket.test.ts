/** What clients and servers of WebSocket make of its faults: ws, undici's WebSocket, curl, Python's websockets. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket as UndiciWebSocket } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { watchStalls } from '../../support/stalls.ts';
import { hasPythonPackage, isThere, runProgram } from './programs.ts';
import { Rig } from './rig.ts';

/** What one end of a WebSocket saw. */
interface Seen {
  readonly messages: string[];
  readonly pings: string[];
  readonly errors: string[];
  readonly close: Promise<{ code: number; reason: string }>;
  closed: boolean;
}

function watch(socket: WebSocket): Seen {
  const { promise, resolve } = Promise.withResolvers<{ code: number; reason: string }>();
  const seen: Seen = { messages: [], pings: [], errors: [], close: promise, closed: false };
  socket.on('message', (data) => seen.messages.push(String(data)));
  socket.on('ping', (data) => seen.pings.push(String(data)));
  socket.on('error', (error: NodeJS.ErrnoException) => seen.errors.push(error.code ?? error.message));
  socket.on('close', (code, reason) => {
    seen.closed = true;
    resolve({ code, reason: String(reason) });
  });
  return seen;
}

/** A server that echoes messages, and a proxy before it with these toxics. */
async function start(toxics: readonly object[] = [], { perMessageDeflate = false } = {}) {
  const rig = await Rig.start();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate });
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const client of server.clients) client.terminate();
    server.close();
    await rig[Symbol.asyncDispose]();
  });
  const seen: Seen[] = [];
  server.on('connection', (socket) => {
    seen.push(watch(socket));
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  const port = await rig.proxy((server.address() as AddressInfo).port, toxics);
  return { rig, server, seen, port, url: `ws://127.0.0.1:${port}/` };
}

/** `closeTimeout` (ms) is not in the type yet. */
type Options = WebSocket.ClientOptions & { readonly closeTimeout?: number };

function connect(url: string, options: Options = {}) {
  const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
  onTestFinished(() => socket.terminate());
  return { socket, seen: watch(socket) };
}

async function open(url: string, options: Options = {}) {
  const client = connect(url, options);
  await once(client.socket, 'open');
  return client;
}

it.each([401, 403, 429, 500, 503])('websocket_refuse with %d fails the handshake of ws', async (status) => {
  const toxic = { type: 'websocket_refuse', attributes: { status, body: 'no', retry_after: '7', first: 1 } };
  const { url, seen } = await start([toxic]);
  const { socket } = connect(url);
  const [, answer] = await once(socket, 'unexpected-response');

  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([status, '7']);
  await open(url);
  expect(seen).toHaveLength(1);
});

it('websocket_refuse is an error without a status for ws when nobody listens for the answer', async () => {
  const { url } = await start([{ type: 'websocket_refuse' }]);
  const { seen } = connect(url);

  await seen.close;
  expect(seen.errors).toEqual(['Unexpected server response: 503']);
});

it('websocket_refuse is an error event and code 1006 for undici', async () => {
  const { url } = await start([{ type: 'websocket_refuse', attributes: { status: 401 } }]);
  const socket = new UndiciWebSocket(url);
  const seen: string[] = [];
  socket.addEventListener('error', () => seen.push('error'));
  const { promise, resolve } = Promise.withResolvers<number>();
  socket.addEventListener('close', ({ code }) => resolve(code));

  expect([await promise, seen]).toEqual([1_006, ['error']]);
});

/** Asks for an upgrade with curl, which prints whatever comes. */
async function upgradeByCurl(port: number): Promise<string> {
  const headers = {
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const flags = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  return (await runProgram('curl', ['-siN', ...flags, `http://127.0.0.1:${port}/`])).stdout;
}

const withCurl = it.skipIf(!isThere('curl'));

withCurl('websocket_refuse is an HTTP answer for curl', async () => {
  const attributes = { status: 429, body: 'slow down', retry_after: '30' };
  const { port } = await start([{ type: 'websocket_refuse', attributes }]);
  const answer = await upgradeByCurl(port);

  expect(answer).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\n/);
  expect(answer).toContain('\r\nRetry-After: 30\r\n');
  expect(answer).toMatch(/slow down$/);
});

withCurl('websocket_close is a close frame after the 101 for curl', async () => {
  const attributes = { code: 4_001, reason: 'enough', ending: 'fin' };
  const { port } = await start([{ type: 'websocket_close', attributes }]);
  const answer = await upgradeByCurl(port);

  expect(answer).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
  expect(answer).toMatch(/enough$/);
});

it('acts inside TLS where the proxy takes that off', async () => {
  const { rig, server, seen: servers } = await start();
  const { json } = await rig.api('POST', '/proxies', {
    name: 'secure',
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    tls: { upstream: 'plain' },
    toxics: [{ type: 'websocket_close', attributes: { code: 1_013, after_frames: 1 } }],
  });
  const { text: ca } = await rig.api('GET', '/certificates/ca.pem');
  const { socket, seen } = await open(`wss://${(json as { listen: string }).listen}/`, { ca });
  socket.send('x');

  expect((await seen.close).code).toBe(1_013);
  expect([seen.messages, servers[0]?.messages]).toEqual([['x'], ['x']]);
});

it('websocket_no_compression makes ws agree on none', async () => {
  const { url } = await start([{ type: 'websocket_no_compression' }], { perMessageDeflate: true });
  const { socket, seen } = await open(url, { perMessageDeflate: true });
  socket.send('x'.repeat(5_000));

  await expect.poll(() => seen.messages).toEqual(['x'.repeat(5_000)]);
  expect(socket.extensions).toBe('');
});

it('websocket_drop makes a live peer look dead: its pings are answered, and no pong comes', async () => {
  const toxic = { type: 'websocket_drop', stream: 'downstream', attributes: { opcode: 'pong' } };
  const { url, rig, seen: servers } = await start([toxic]);
  const { socket, seen } = await open(url);
  const pongs: string[] = [];
  socket.on('pong', (data) => pongs.push(String(data)));
  socket.ping('are you there');
  socket.send('still works');

  await expect.poll(() => seen.messages).toEqual(['still works']);
  expect([servers[0]?.pings, pongs]).toEqual([['are you there'], []]);
  expect(rig.eventsOf('strike')).toMatchObject([{ reason: 'pong dropped', bytes: 15, delivered: false }]);
});

it('websocket_drop of a close upstream is a close handshake that is never answered', async () => {
  const { url } = await start([
    { type: 'websocket_drop', stream: 'upstream', attributes: { opcode: 'close' } },
  ]);
  const { socket, seen } = await open(url, { closeTimeout: 200 });
  socket.close(1_000);

  expect(await seen.close).toEqual({ code: 1_006, reason: '' });
});

it('websocket_drop of a compressed message makes the next one impossible to inflate', async () => {
  const attributes = { opcode: 'text', nth: 1 };
  const {
    url,
    server,
    seen: servers,
  } = await start([{ type: 'websocket_drop', attributes }], {
    perMessageDeflate: true,
  });
  const { seen } = await open(url, { perMessageDeflate: true });
  for (const client of server.clients) {
    client.send('a text that comes twice '.repeat(60));
    client.send('a text that comes twice '.repeat(60));
  }

  await seen.close;
  expect(seen.errors).toEqual(['Z_DATA_ERROR']);
  expect((await servers[0]?.close)?.code).toBe(1_007);
});

it('websocket_drop acts on a WebSocket that was open before it', async () => {
  const { url, rig } = await start();
  const { socket, seen } = await open(url);
  await rig.addToxic({ type: 'websocket_drop', attributes: { opcode: 'text', nth: 2 } });
  for (const text of ['1', '2', '3']) socket.send(text);

  await expect.poll(() => seen.messages).toEqual(['1', '3']);
});

it('websocket_delay delays one kind of message', async () => {
  const toxic = { type: 'websocket_delay', attributes: { delay: 300, opcode: 'pong' } };
  const { url } = await start([toxic]);
  const { socket, seen } = await open(url);
  const [at, stalledMs] = [performance.now(), watchStalls()];
  socket.ping();
  await once(socket, 'pong');
  const pongMs = performance.now() - at;
  socket.send('x');
  await expect.poll(() => seen.messages).toEqual(['x']);

  expect(pongMs).toBeGreaterThan(295);
  expect(performance.now() - at - pongMs).toBeLessThan(250 + stalledMs());
});

it.each([
  ['ws', false],
  ['ws with permessage-deflate', true],
])('websocket_fragment is put together again by %s', async (_, perMessageDeflate) => {
  const attributes = { fragments: 7 };
  const {
    url,
    seen: servers,
    rig,
  } = await start([{ type: 'websocket_fragment', stream: 'both', attributes }], {
    perMessageDeflate,
  });
  const { socket, seen } = await open(url, { perMessageDeflate });
  const text = 'grüße '.repeat(10_000);
  socket.send(text);

  await expect.poll(() => seen.messages.length, { timeout: 5_000 }).toBe(1);
  expect([seen.messages[0] === text, servers[0]?.messages[0] === text]).toEqual([true, true]);
  expect(rig.eventsOf('strike')).toMatchObject([
    { reason: 'text in 7 fragments', stream: 'upstream' },
    { reason: 'text in 7 fragments', stream: 'downstream' },
  ]);
});

it('websocket_fragment is put together again by undici', async () => {
  const { url } = await start([{ type: 'websocket_fragment', attributes: { fragments: 4 } }]);
  const socket = new UndiciWebSocket(url);
  const message = once(socket, 'message');
  socket.addEventListener('open', () => socket.send('one two three'));

  expect((await message)[0].data).toBe('one two three');
  socket.close();
});

const byClient: readonly (readonly [string, string, number])[] = [
  ['reserved_bits', 'WS_ERR_UNEXPECTED_RSV_2_3', 1_002],
  ['bad_opcode', 'WS_ERR_INVALID_OPCODE', 1_002],
  ['invalid_utf8', 'WS_ERR_INVALID_UTF8', 1_007],
  ['oversized', 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 1_009],
  ['wrong_mask', 'WS_ERR_UNEXPECTED_MASK', 1_002],
  ['stray_continuation', 'WS_ERR_INVALID_OPCODE', 1_002],
  ['interleaved_message', 'WS_ERR_INVALID_OPCODE', 1_002],
  ['fragmented_control', 'WS_ERR_EXPECTED_FIN', 1_002],
  ['long_control', 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH', 1_002],
  ['bad_close_code', 'WS_ERR_INVALID_CLOSE_CODE', 1_002],
  ['short_close', 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH', 1_002],
];

it.each(
  byClient,
)('websocket_damage %s fails the client ws with %s and code %d', async (kind, error, code) => {
  const { url, seen: servers } = await start([{ type: 'websocket_damage', attributes: { kind } }]);
  const { socket, seen } = await open(url);
  socket.send('x');

  expect(await seen.close).toEqual({ code: 1_006, reason: '' });
  expect(seen.errors).toEqual([error]);
  expect((await servers[0]?.close)?.code).toBe(code);
});

it.each(
  byClient.map(([kind, error]) => [kind, kind === 'wrong_mask' ? 'WS_ERR_EXPECTED_MASK' : error] as const),
)('websocket_damage %s upstream fails the server ws with %s', async (kind, error) => {
  const { url, seen: servers } = await start([
    { type: 'websocket_damage', stream: 'upstream', attributes: { kind } },
  ]);
  const { socket, seen } = await open(url);
  socket.send('x');
  await seen.close;

  expect(servers[0]?.errors).toEqual([error]);
});

it.each([
  'reserved_bits',
  'invalid_utf8',
  'wrong_mask',
  'stray_continuation',
  'oversized',
])('websocket_damage %s is an error and code 1006 for undici', async (kind) => {
  const { url } = await start([{ type: 'websocket_damage', attributes: { kind } }]);
  const socket = new UndiciWebSocket(url);
  const seen: string[] = [];
  socket.addEventListener('error', () => seen.push('error'));
  socket.addEventListener('open', () => socket.send('x'));
  const { promise, resolve } = Promise.withResolvers<number>();
  socket.addEventListener('close', ({ code }) => resolve(code));

  expect([await promise, seen]).toEqual([1_006, ['error']]);
});

it('websocket_close tells the client its code, and the close handshake goes on with the server', async () => {
  const attributes = { code: 1_012, reason: 'restart', after_frames: 1 };
  const { url, seen: servers } = await start([{ type: 'websocket_close', attributes }]);
  const { socket, seen } = await open(url);
  socket.send('x');

  expect(await seen.close).toEqual({ code: 1_012, reason: 'restart' });
  expect([seen.messages, seen.errors]).toEqual([['x'], []]);
  expect(await servers[0]?.close).toEqual({ code: 1_012, reason: 'restart' });
});

it('websocket_close tells both ends, after a time', async () => {
  const attributes = { code: 1_001, after_ms: 150 };
  const { url, seen: servers } = await start([{ type: 'websocket_close', stream: 'both', attributes }]);
  const { seen } = await open(url);
  const at = performance.now();

  expect((await seen.close).code).toBe(1_001);
  expect(performance.now() - at).toBeGreaterThan(100);
  expect((await servers[0]?.close)?.code).toBe(1_001);
});

it('websocket_close tells the server alone', async () => {
  const attributes = { code: 4_000, reason: 'bye', after_ms: 50 };
  const { url, seen: servers } = await start([{ type: 'websocket_close', stream: 'upstream', attributes }]);
  const { seen } = await open(url);

  expect(await servers[0]?.close).toEqual({ code: 4_000, reason: 'bye' });
  expect((await seen.close).code).toBe(4_000);
});

it('websocket_close without a code is 1005, with ending fin at once', async () => {
  const { url } = await start([{ type: 'websocket_close', attributes: { code: 0, ending: 'fin' } }]);
  const { seen } = connect(url);

  expect(await seen.close).toEqual({ code: 1_005, reason: '' });
});

it('websocket_close with ending hold leaves the client waiting for the end of the connection', async () => {
  const toxic = { type: 'websocket_close', attributes: { code: 1_001, ending: 'hold' } };
  const { url, rig, seen: servers } = await start([toxic]);
  const { socket, seen } = connect(url, { closeTimeout: 400 });
  await once(socket, 'open');
  await expect.poll(() => socket.readyState).toBe(WebSocket.CLOSING);
  const at = performance.now();

  expect(await seen.close).toEqual({ code: 1_001, reason: '' });
  expect(performance.now() - at).toBeGreaterThan(300);
  expect(servers[0]?.closed).toBe(false);
  await rig.api('DELETE', '/proxies/p/toxics/websocket_close_downstream');
  expect((await servers[0]?.close)?.code).toBe(1_006);
});

it('websocket_cut is code 1006 for both ends', async () => {
  const { url, seen: servers } = await start([{ type: 'websocket_cut', attributes: { after_frames: 1 } }]);
  const { socket, seen } = await open(url);
  socket.send('x');

  expect(await seen.close).toEqual({ code: 1_006, reason: '' });
  expect([seen.messages, seen.errors]).toEqual([['x'], []]);
  expect((await servers[0]?.close)?.code).toBe(1_006);
});

it('websocket_cut inside a frame is code 1006, and its message never comes', async () => {
  const { url } = await start([{ type: 'websocket_cut', attributes: { bytes: 5 } }]);
  const { socket, seen } = await open(url);
  socket.send('a longer message');

  expect(await seen.close).toEqual({ code: 1_006, reason: '' });
  expect(seen.messages).toEqual([]);
});

it('websocket_cut by reset is code 1006 for ws, which tells no error', async () => {
  const { url } = await start([{ type: 'websocket_cut', attributes: { action: 'reset', after_ms: 50 } }]);
  const { seen } = await open(url);

  expect((await seen.close).code).toBe(1_006);
  expect(seen.errors).toEqual([]);
});

it('websocket_cut by half_close is code 1006 for the server, which then ends the other direction', async () => {
  const attributes = { action: 'half_close', after_ms: 50 };
  const {
    url,
    seen: servers,
    rig,
  } = await start([{ type: 'websocket_cut', stream: 'upstream', attributes }]);
  const { seen } = await open(url);

  expect((await servers[0]?.close)?.code).toBe(1_006);
  expect((await seen.close).code).toBe(1_006);
  await expect.poll(() => rig.eventsOf('close')).toMatchObject([{ end: 'fin', by: 'upstream' }]);
});

it('websocket_stall makes the sender buffer, and loses nothing when lifted', async () => {
  const attributes = { after_frames: 1 };
  const {
    url,
    rig,
    seen: servers,
  } = await start([{ type: 'websocket_stall', stream: 'upstream', attributes }]);
  const { socket } = await open(url);
  const message = Buffer.alloc(1024 * 1024);
  for (let count = 0; count < 24; count += 1) socket.send(message);
  await expect.poll(() => rig.eventsOf('strike').length).toBe(1);

  expect(servers[0]?.messages.length).toBeLessThan(2);
  expect(socket.bufferedAmount).toBeGreaterThan(8 * message.length);
  await rig.api('DELETE', '/proxies/p/toxics/websocket_stall_upstream');
  await expect.poll(() => servers[0]?.messages.length, { timeout: 10_000 }).toBe(24);
  expect(socket.bufferedAmount).toBe(0);
});

const python = hasPythonPackage('websockets');

/** Connects with Python's websockets, sends one message, and prints what comes of it. */
const clientBytes = `
import sys, websockets
from websockets.sync.client import connect
try:
    with connect(sys.argv[1], close_timeout=1) as socket:
        socket.send("hello")
        print("got", socket.recv(timeout=2))
        print("got", socket.recv(timeout=2))
except Exception as error:
    print(type(error).__name__, error)
`;

it.skipIf(!python).each([
  ['websocket_refuse', { status: 503 }, 'InvalidStatus server rejected WebSocket connection: HTTP 503'],
  ['websocket_close', { code: 1_012, reason: 'restart', after_frames: 1 }, '(service restart) restart'],
  ['websocket_cut', { after_frames: 1 }, 'ConnectionClosedError no close frame received or sent'],
  [
    'websocket_cut',
    { action: 'reset', after_ms: 50 },
    'ConnectionClosedError no close frame received or sent',
  ],
  ['websocket_damage', { kind: 'reserved_bits' }, 'ConnectionClosedError sent 1002 (protocol error)'],
  ['websocket_damage', { kind: 'invalid_utf8' }, 'ConnectionClosedError sent 1007'],
  ['websocket_fragment', { fragments: 3 }, 'got hello'],
])("%s %j shows in Python's websockets", async (type, attributes, shown) => {
  const { url } = await start([{ type, attributes }]);
  const { stdout } = await runProgram('python3', ['-c', clientBytes, url]);

  expect(stdout).toContain(shown);
});
