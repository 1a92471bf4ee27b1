import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { expect, it } from 'vitest';
import { scaledClock, systemClock } from '../../../proxy/core/clock.ts';
import { type Rig, startRig, tokens, useDatabase } from './rig.ts';

const database = useDatabase();

/** The head of a report whose body has not come yet. */
const head = `POST /api/fleet/report HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.acme}\r\nContent-Type: application/json\r\nContent-Length: 33\r\n\r\n`;
const body = '{"machineId":"slow","sequence":1}';

async function startReport({ dial }: Rig): Promise<TLSSocket> {
  const socket = await dial();
  socket.write(head);
  return socket;
}

async function textOf(socket: TLSSocket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

/** Resolves when the server's gate looks as told. */
async function untilLoad({ server }: Rig, load: { active: number; waiting: number }): Promise<void> {
  await expect.poll(() => server.stats().requests, { interval: 2, timeout: 5000 }).toMatchObject(load);
}

it('lets half-sent requests hold its slots, keeps others in line and answers health all the same', async () => {
  await using rig = await startRig(database(), { env: { MAX_CONCURRENT_REQUESTS: '2' } });
  const holders = [await startReport(rig), await startReport(rig)];
  await untilLoad(rig, { active: 2, waiting: 0 });

  const waiting = rig.call('/api/fleet/machines');
  await untilLoad(rig, { active: 2, waiting: 1 });
  expect((await rig.call('/health')).body).toMatchObject({
    status: 'degraded',
    load: { active: 2, waiting: 1, limit: 2 },
  });

  holders[0]?.destroy();
  expect((await waiting).status).toBe(200);
  expect((await rig.log.find('request', { path: '/api/fleet/machines' })).waitedMs).toBeGreaterThan(0);
  holders[1]?.destroy();
  await untilLoad(rig, { active: 0, waiting: 0 });
});

it('logs a request whose peer leaves before the end of the body', async () => {
  await using rig = await startRig(database());
  const socket = await startReport(rig);
  await untilLoad(rig, { active: 1, waiting: 0 });
  socket.destroy();

  expect(await rig.log.find('request', { path: '/api/fleet/report' })).toMatchObject({
    status: 499,
    aborted: true,
  });
  expect(rig.log.of('internal_error')).toEqual([]);
});

it('logs a request whose peer leaves while its token is looked up, and does nothing for it', async () => {
  await using rig = await startRig(database());
  await rig.sql('LOCK TABLES clients WRITE');
  const socket = await rig.dial();
  socket.write(head + body);
  await untilLoad(rig, { active: 1, waiting: 0 });
  socket.destroy();
  await untilLoad(rig, { active: 0, waiting: 0 });
  await rig.sql('UNLOCK TABLES');

  expect(await rig.log.find('request', { path: '/api/fleet/report' })).toMatchObject({
    status: 499,
    aborted: true,
  });
  expect(await rig.sql('SELECT * FROM fleet_reports')).toEqual([]);
});

it('frees the place of who leaves the line', async () => {
  await using rig = await startRig(database(), { env: { MAX_CONCURRENT_REQUESTS: '1' } });
  const holder = await startReport(rig);
  await untilLoad(rig, { active: 1, waiting: 0 });
  const impatient = await rig.dial();
  impatient.write(`GET /api/fleet/machines HTTP/1.1\r\nHost: x\r\n\r\n`);
  await untilLoad(rig, { active: 1, waiting: 1 });

  impatient.destroy();

  await untilLoad(rig, { active: 1, waiting: 0 });
  holder.destroy();
  await untilLoad(rig, { active: 0, waiting: 0 });
});

it('answers 503 when the line is full', async () => {
  await using rig = await startRig(database(), {
    env: { MAX_CONCURRENT_REQUESTS: '1', MAX_WAITING_REQUESTS: '0' },
  });
  await startReport(rig);
  await untilLoad(rig, { active: 1, waiting: 0 });

  const answer = await rig.call('/api/fleet/machines');

  expect(answer).toMatchObject({ status: 503, body: { error: 'Server is overloaded' } });
  expect(answer.headers['retry-after']).toBe('1');
});

it('answers 408 and closes when a body does not end in time, and goes on', async () => {
  const clock = scaledClock(systemClock(), 200);
  await using rig = await startRig(database(), { clock, env: { BODY_TIMEOUT: '30' } });
  const socket = await startReport(rig);
  socket.write(body.slice(0, 10));

  const text = await textOf(socket);

  expect(text).toMatch(/^HTTP\/1.1 408 /);
  expect(text).toContain('{"error":"Body did not arrive in time"}');
  await untilLoad(rig, { active: 0, waiting: 0 });
  expect((await rig.call('/api/fleet/machines')).status).toBe(200);
});

it('closes a connection that never sends a head', async () => {
  const clock = scaledClock(systemClock(), 200);
  await using rig = await startRig(database(), { clock, env: { HEADERS_TIMEOUT: '30' } });
  const socket = await rig.dial();
  socket.write('GET /health HTTP/1.1\r\nX-Slow: ');

  expect(await textOf(socket)).toBe('');
});

it('closes a connection that is idle for longer than the keep-alive time-out, on its own clock', async () => {
  const clock = scaledClock(systemClock(), 100);
  await using rig = await startRig(database(), { clock, env: { KEEP_ALIVE_TIMEOUT: '5' } });
  const socket = await rig.dial();
  socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
  const answeredAt = clock.now();

  await once(socket, 'close');

  expect(clock.now() - answeredAt).toBeGreaterThanOrEqual(4900);
});

it('keeps a connection open while requests come in time', async () => {
  const clock = scaledClock(systemClock(), 100);
  await using rig = await startRig(database(), { clock, env: { KEEP_ALIVE_TIMEOUT: '60' } });
  const socket = await rig.dial();

  for (let count = 0; count < 4; count += 1) {
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    await clock.sleep(20_000);
  }

  expect(socket.destroyed).toBe(false);
  expect(rig.server.stats().connections.handshakes).toBe(1);
});

it.each([
  ['65', 'timeout=65'],
  ['0.5', undefined],
])('with a keep-alive time-out of %s s announces %s', async (seconds, announced) => {
  await using rig = await startRig(database(), { env: { KEEP_ALIVE_TIMEOUT: seconds } });

  const answer = await rig.call('/api/fleet/machines');

  expect(answer.headers['keep-alive']).toBe(announced);
});
