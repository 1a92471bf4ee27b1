/** Clients of the API that are slow, silent, gone, too many or too big: each gets a clear end, the others an answer. */
import { once } from 'node:events';
import net from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../../proxy/core/clock.ts';
import { Rig } from './rig.ts';

/** What a raw client was told until the server ended it. */
interface Told {
  readonly text: string;
  readonly afterMs: number;
}

/** Connects to the API and sends `parts`, then waits for the end of the connection. */
async function tell(rig: Rig, ...parts: (string | Buffer)[]): Promise<Told> {
  const begun = performance.now();
  const socket = dial(rig);
  const read: Buffer[] = [];
  socket.on('data', (bytes: Buffer) => read.push(bytes)).on('error', () => {});
  for (const part of parts) socket.write(part);
  await closed(socket);
  return { text: Buffer.concat(read).toString('latin1'), afterMs: performance.now() - begun };
}

function dial(rig: Rig): net.Socket {
  const socket = net.connect(rig.server.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  return socket;
}

const closed = (socket: net.Socket): Promise<unknown> =>
  new Promise((resolve) => socket.once('close', resolve));

const answers = async (rig: Rig): Promise<boolean> => (await rig.api('GET', '/version')).status === 200;

it.each([
  ['a client that says nothing', '', ''],
  ['a head that never ends', 'GET /version HTTP/1.1\r\nHost: a\r\n', ''],
  [
    'a body that never ends',
    'POST /proxies HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"name":',
    'HTTP/1.1 503 Service Unavailable\r\n',
  ],
])('ends %s after its time', async (_what, sent, answer) => {
  await using rig = await Rig.start({ limits: { requestMs: 200 } });

  const { text, afterMs } = await tell(rig, sent);

  expect(text.slice(0, answer.length || undefined)).toBe(answer);
  expect(afterMs).toBeGreaterThanOrEqual(190);
  expect(afterMs).toBeLessThan(5_000);
});

it('gives a slow loris no more time for the bytes that it trickles', async () => {
  await using rig = await Rig.start({ limits: { requestMs: 300 } });
  const socket = dial(rig).on('error', () => {});
  const begun = performance.now();
  socket.write('GET /version HTTP/1.1\r\n');
  const drip = setInterval(() => socket.write('X-A: b\r\n'), 20);
  onTestFinished(() => clearInterval(drip));

  await closed(socket);

  expect(performance.now() - begun).toBeLessThan(5_000);
});

it('answers others while hundreds of clients are silent', async () => {
  await using rig = await Rig.start();
  const silent = Array.from({ length: 300 }, () => dial(rig));
  await Promise.all(silent.map((socket) => once(socket, 'connect')));
  for (const socket of silent)
    socket.write('POST /proxies HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{');

  let ended = 0;
  for (const socket of silent) socket.once('close', () => (ended += 1));

  expect(await answers(rig)).toBe(true);
  expect(ended).toBe(0);
});

it('closes a connection on which no next request comes', async () => {
  await using rig = await Rig.start({ limits: { idleMs: 50 } });

  const { text, afterMs } = await tell(rig, 'GET /version HTTP/1.1\r\nHost: a\r\n\r\n');

  expect(text).toContain('200 OK');
  expect(afterMs).toBeLessThan(5_000);
});

it('answers a client that is done sending', async () => {
  await using rig = await Rig.start();
  const socket = dial(rig);
  socket.end('GET /version HTTP/1.1\r\nHost: a\r\n\r\n');

  const [answer] = await once(socket, 'data');

  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});

it('closes the connection that was idle for longest where a client finds no place', async () => {
  await using rig = await Rig.start({ limits: { connections: 3 } });
  const ended: string[] = [];
  const come = async (name: string): Promise<net.Socket> => {
    const socket = dial(rig).resume();
    socket.on('error', () => {}).on('close', () => ended.push(name));
    await once(socket, 'connect');
    return socket;
  };
  const ask = async (socket: net.Socket): Promise<void> => {
    socket.write('GET /version HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
  };
  const silent = await come('silent');
  const used = await come('used');
  await ask(used);
  await ask(await come('kept'));
  await ask(used);

  await ask(await come('fourth'));
  await expect.poll(() => ended).toEqual(['silent']);
  await ask(await come('fifth'));
  await expect.poll(() => ended).toEqual(['silent', 'kept']);

  await ask(used);
  expect(silent.destroyed).toBe(true);
});

it('turns away more connections than it keeps where all are in use', async () => {
  await using rig = await Rig.start({ limits: { connections: 2 } });
  const streams = [dial(rig), dial(rig)];
  for (const stream of streams) {
    stream.write('GET /events HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(stream, 'data');
  }

  expect((await tell(rig, 'GET /version HTTP/1.1\r\nHost: a\r\n\r\n')).text).toBe('');

  streams[0]?.destroy();
  await expect.poll(() => answers(rig).catch(() => false)).toBe(true);
});

it.each([
  ['bytes that are no HTTP', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]), '400 Bad Request'],
  [
    'a head of a megabyte',
    `GET / HTTP/1.1\r\nHost: a\r\nX-A: ${'x'.repeat(1024 * 1024)}\r\n\r\n`,
    '431 Request Header Fields Too Large',
  ],
  ['no Host', 'GET /version HTTP/1.1\r\n\r\n', '400 Bad Request'],
  [
    'two lengths',
    'POST /reset HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    '400 Bad Request',
  ],
])('answers %s and closes', async (_what, sent, status) => {
  await using rig = await Rig.start();

  const { text } = await tell(rig, sent);

  expect(text.slice(0, 9 + status.length)).toBe(`HTTP/1.1 ${status}`);
  expect(text).toMatch(/\r\nContent-Type: text\/plain; charset=utf-8\r\n/i);
  expect(await answers(rig)).toBe(true);
});

it('survives clients that vanish in the midst of a request', async () => {
  const failures: string[] = [];
  await using rig = await Rig.start({
    log: (level, message) => {
      if (level === 'error') failures.push(message);
    },
  });
  for (const sent of ['', 'GET /pro', 'POST /populate HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n[']) {
    const socket = dial(rig);
    await once(socket, 'connect');
    socket.write(sent, () => socket.resetAndDestroy());
    await closed(socket);
  }

  expect(await answers(rig)).toBe(true);
  expect(failures).toEqual([]);
});

const proxy = { name: 'a', listen: '127.0.0.1:0', upstream: 'localhost:1' };
const many = (count: number, type = 'noop'): object[] =>
  Array.from({ length: count }, (_, index) => ({ type, name: `t${index}` }));

it('refuses a proxy with 100,000 toxics, and one toxic too many', async () => {
  await using rig = await Rig.start();
  const begun = process.cpuUsage();

  const refused = await rig.api('POST', '/proxies', { ...proxy, toxics: many(100_000) });

  expect(refused.json).toEqual({
    error: 'too many toxics in a proxy: at most 1000 at toxic 1001 "t1000"',
    status: 400,
  });
  expect(process.cpuUsage(begun).user).toBeLessThan(5_000_000);
  expect((await rig.api('POST', '/proxies', { ...proxy, toxics: many(1_000) })).status).toBe(201);
  expect((await rig.addToxic({ type: 'noop' }, 'a')).json).toEqual({
    error: 'too many toxics in a proxy: at most 1000',
    status: 400,
  });
});

it('refuses a server with too many proxies', async () => {
  await using rig = await Rig.start();
  const entries = Array.from({ length: 20_001 }, (_, index) => ({
    name: String(index),
    upstream: 'x:1',
    enabled: false,
  }));

  const { status, json } = await rig.api('POST', '/populate', entries);

  expect(status).toBe(400);
  expect(json).toMatchObject({ error: 'too many proxies in a server: at most 20000' });
  expect((json as { proxies: unknown[] }).proxies).toHaveLength(20_000);
});

it.each([
  [
    'too large',
    JSON.stringify({ ...proxy, name: 'x'.repeat(5 * 1024 * 1024) }),
    413,
    /^request body larger than 4194304 bytes$/,
  ],
  ['nested deeply', '['.repeat(1_000_000), 400, /^bad request body: exceeded max depth$/],
  ['of too many values', `[${'0,'.repeat(600_000)}0]`, 400, /^bad request body: more than 500000 values$/],
  ['of one long number', '1'.repeat(1_000_000), 400, /^bad request body: json: cannot unmarshal number /],
  ['of one long broken string', `"${'\\u12'.repeat(200_000)}`, 400, /^bad request body: /],
  ['of random bytes', randomText(100_000), 400, /^bad request body: invalid character /],
])('answers a body that is %s', async (_what, body, status, error) => {
  await using rig = await Rig.start();
  const begun = process.cpuUsage();

  const answer = await rig.api('POST', '/proxies', body);

  expect(answer.status).toBe(status);
  expect((answer.json as { error: string }).error).toMatch(error);
  expect(process.cpuUsage(begun).user).toBeLessThan(5_000_000);
  expect(await answers(rig)).toBe(true);
});

/** Repeatable, and no JSON. */
function randomText(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = Math.imul(state, 1_103_515_245) + 12_345;
    return String.fromCharCode(0x80 + ((state >>> 16) & 0x7f));
  }).join('');
}

it('answers 413 to a body without an end as soon as it is too large', async () => {
  await using rig = await Rig.start({ limits: { bodyBytes: 1_000 } });
  const socket = dial(rig).on('error', () => {});
  socket.write('POST /proxies HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  for (let chunk = 0; chunk < 20; chunk += 1) socket.write(`64\r\n${'x'.repeat(100)}\r\n`);

  const [answer] = await once(socket, 'data');

  expect(String(answer)).toMatch(/^HTTP\/1\.1 413 [\s\S]*request body larger than 1000 bytes/);
});

it('answers 503 when the bodies under way are too large together, and takes one again later', async () => {
  await using rig = await Rig.start({ limits: { bodiesBytes: 1_000 } });
  const head = 'POST /proxies HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n';
  const holder = dial(rig);
  holder.write(head + 'x'.repeat(900));
  await expect
    .poll(async () => (await rig.api('POST', '/proxies', 'x'.repeat(500))).json)
    .toEqual({ error: 'request bodies of more than 1000 bytes at a time', status: 503 });

  holder.destroy();

  await expect.poll(async () => (await rig.api('POST', '/proxies', 'x'.repeat(500))).status).toBe(400);
});

it('answers 503 when an operation takes too long, which then goes on', async () => {
  const clock = systemClock();
  const operationMs = 12_345;
  const hasty: Clock = {
    now: clock.now,
    sleep: (ms, signal) => (ms === operationMs ? Promise.resolve() : clock.sleep(ms, signal)),
  };
  await using rig = await Rig.start({ clock: hasty, limits: { operationMs } });

  const { status, text, headers } = await rig.api('POST', '/proxies', proxy);

  expect([status, headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
  expect(text).toBe('<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>');
  await expect.poll(() => rig.server.proxies.length).toBe(1);
});
