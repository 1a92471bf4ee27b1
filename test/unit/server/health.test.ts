import { expect, it } from 'vitest';
import { createConcurrencyLimit } from '../../../services/server/concurrency-limit.ts';
import type { Database } from '../../../services/server/database.ts';
import { createHealthCheck } from '../../../services/server/health.ts';
import { manualClock } from '../../support/manual-clock.ts';

const forever = new AbortController().signal;

function checked(ping: () => Promise<number>) {
  const clock = manualClock();
  const limit = createConcurrencyLimit(1, 10);
  const database = { ping, load: () => ({ active: 3, oldestMs: 1234.567 }) } as unknown as Database;
  return { clock, limit, check: createHealthCheck({ clock, database, limit, timeoutMs: 2000 }, forever) };
}

it('is ok when the database answers and nobody waits', async () => {
  const { check } = checked(async () => 1.5);

  expect(await check()).toEqual({
    status: 'ok',
    database: { ok: true, latencyMs: 1.5, active: 3, oldestMs: 1234.57 },
    load: { active: 0, waiting: 0, limit: 1 },
    eventLoopLagMs: 0,
    uptimeMs: 0,
  });
});

it('is degraded when the database does not answer', async () => {
  const { check } = checked(async () => {
    throw new Error('no answer');
  });

  expect(await check()).toMatchObject({ status: 'degraded', database: { ok: false } });
});

it('is degraded while requests wait for a slot', async () => {
  const { check, limit } = checked(async () => 1);
  await limit.enter(forever);
  void limit.enter(forever);

  expect(await check()).toMatchObject({ status: 'degraded', load: { active: 1, waiting: 1, limit: 1 } });
});

it('asks the database once for all who ask at the same time', async () => {
  let pings = 0;
  const { check } = checked(async () => (pings += 1));

  await Promise.all([check(), check(), check()]);
  expect(pings).toBe(1);

  await check();
  expect(pings).toBe(2);
});

it('tells how late the event loop was', async () => {
  const { check, clock } = checked(async () => 1);
  const { sleep } = clock;
  clock.sleep = (ms, signal) => sleep(ms + 30, signal);

  await clock.advance(1000);
  await clock.advance(1030);

  expect((await check()).eventLoopLagMs).toBe(30);
});
