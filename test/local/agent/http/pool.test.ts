import { expect, it } from 'vitest';
import { AttemptTimer } from '../../../../services/agent/http/attempt-timer.ts';
import { ConnectionPool } from '../../../../services/agent/http/pool.ts';
import { dialTcp } from '../../../../services/agent/shared/dial.ts';
import { testCertificates } from '../certificates.ts';
import { startTestServer, type TestServer } from '../test-server.ts';
import { fastClock } from './start-agent.ts';

const limits = { connectMs: 60_000, tlsMs: 60_000, waitMs: 60_000, bodyMs: 60_000, totalMs: 60_000 };
const health = { method: 'GET', path: '/health', headers: {} } as const;
const clock = fastClock();

async function openPool(server: TestServer, options: { maxConnections?: number; patienceMs?: number } = {}) {
  const { ca } = await testCertificates();
  return new ConnectionPool({ server: { url: new URL(server.url), ca }, dial: dialTcp, clock, ...options });
}

const newTimer = (): AttemptTimer => new AttemptTimer(clock, limits, new AbortController().signal);

async function ask(pool: ConnectionPool, isKept = true): Promise<number> {
  using timer = newTimer();
  await using lease = await pool.acquire(timer);
  const answer = await lease.connection.exchange(health, timer);
  if (isKept) lease.keep();
  return answer.status;
}

it('lends the same connection again, and closes it when it is disposed of', async () => {
  await using server = await startTestServer();
  const pool = await openPool(server);

  for (let n = 0; n < 5; n += 1) expect(await ask(pool)).toBe(200);
  expect(server.handshakes).toBe(1);
  expect(pool.size).toBe(1);
  await pool[Symbol.asyncDispose]();
  await pool[Symbol.asyncDispose]();

  expect(pool.size).toBe(0);
  await expect(ask(pool)).rejects.toThrow('The connection pool is closed');
});

it('closes a connection whose exchange did not end well', async () => {
  await using server = await startTestServer();
  await using pool = await openPool(server);

  await ask(pool, false);
  expect(pool.size).toBe(0);
  await ask(pool);

  expect(server.handshakes).toBe(2);
});

it('waits for a busy connection, and opens another only when its patience is over', async () => {
  await using server = await startTestServer();
  await using patient = await openPool(server, { patienceMs: 60_000 });
  await using hasty = await openPool(server, { patienceMs: 0 });

  await Promise.all([ask(patient), ask(patient), ask(patient)]);
  expect(server.handshakes).toBe(1);
  await Promise.all([ask(hasty), ask(hasty), ask(hasty)]);

  expect(server.handshakes).toBe(4);
});

it('never has more connections than it may, and serves everybody all the same', async () => {
  await using server = await startTestServer();
  await using pool = await openPool(server, { patienceMs: 0, maxConnections: 2 });

  const statuses = await Promise.all(Array.from({ length: 12 }, () => ask(pool)));

  expect(statuses).toEqual(Array(12).fill(200));
  expect(server.handshakes).toBe(2);
});

it('drops idle connections together with one that failed after it had worked', async () => {
  await using server = await startTestServer();
  await using pool = await openPool(server, { patienceMs: 0 });
  await Promise.all([ask(pool), ask(pool), ask(pool)]);
  expect(pool.size).toBe(3);

  await ask(pool, false);

  expect(pool.size).toBe(0);
});

it('refuses those who wait for a connection when it is closed', async () => {
  await using server = await startTestServer();
  const pool = await openPool(server, { maxConnections: 1 });
  using timer = newTimer();
  await using _lease = await pool.acquire(timer);

  const waiting = ask(pool);
  waiting.catch(() => {});
  await pool[Symbol.asyncDispose]();

  await expect(waiting).rejects.toThrow('The connection pool is closed');
});
