import { expect, it } from 'vitest';
import { scaledClock, systemClock } from '../../../proxy/core/clock.ts';
import { watchStalls } from '../../support/stalls.ts';
import { type Rig, startRig, useDatabase } from './rig.ts';

/** How fast the server's clock runs. */
const pace = 20;

const database = useDatabase({ 'innodb-lock-wait-timeout': '1' });
const machines = '/api/fleet/machines';

const unavailable = { status: 503, body: { error: 'Database unavailable' } };

/** A database that hangs until the end of the scope. */
async function freeze(): Promise<AsyncDisposable> {
  await database().freeze();
  return { [Symbol.asyncDispose]: () => database().thaw() };
}

/** Answers until the first success, which is the last one; every other must be the clear 503. */
async function untilRecovered({ call }: Rig): Promise<number> {
  for (let failures = 0; failures < 200; failures += 1) {
    const answer = await call(machines);
    if (answer.status === 200) return failures;
    expect(answer).toMatchObject(unavailable);
  }
  throw new Error('the server has not recovered');
}

it('answers 503 within its bound while the database hangs, and health at once; then goes on', async () => {
  const clock = scaledClock(systemClock(), pace);
  await using rig = await startRig(database(), {
    clock,
    env: { DB_OPERATION_TIMEOUT: '20', HEALTH_TIMEOUT: '2' },
  });
  expect((await rig.call(machines)).status).toBe(200);
  {
    await using _frozen = await freeze();
    const [start, stalledMs] = [clock.now(), watchStalls()];
    const [health, answer] = await Promise.all([rig.call('/health'), rig.call(machines)]);

    expect(health).toMatchObject({ status: 200, body: { status: 'degraded', database: { ok: false } } });
    expect((health.body as { database: { latencyMs: number } }).database.latencyMs).toBeLessThan(
      10_000 + pace * stalledMs(),
    );
    expect(answer).toMatchObject(unavailable);
    expect(clock.now() - start).toBeLessThan(40_000 + pace * stalledMs());
    expect(await rig.log.find('database_error', { operation: 'find_client' })).toMatchObject({
      level: 'error',
      code: 'OPERATION_TIMEOUT',
    });
  }
  expect(await untilRecovered(rig)).toBeLessThanOrEqual(10);
});

it('stops within its bound while the database hangs', async () => {
  const clock = scaledClock(systemClock(), pace);
  await using rig = await startRig(database(), { clock, env: { STOP_TIMEOUT: '5' } });
  await rig.call(machines);
  await using _frozen = await freeze();
  const pending = rig.call(machines).catch((error: Error) => error);
  await expect.poll(() => rig.server.stats().requests.active).toBe(1);

  const [start, stalledMs] = [clock.now(), watchStalls()];
  await rig.server.close();

  expect(clock.now() - start).toBeLessThan(30_000 + pace * stalledMs());
  expect(await pending).toBeInstanceOf(Error);
});

it('takes new connections when all of its own were killed', async () => {
  await using rig = await startRig(database());
  await Promise.all(Array.from({ length: 5 }, () => rig.call(machines)));

  expect(await database().killConnections({ user: rig.databaseUser })).toBeGreaterThan(1);

  expect(await untilRecovered(rig)).toBeLessThanOrEqual(5);
});

it('comes back by itself after the database was restarted', async () => {
  await using rig = await startRig(database());
  await rig.call(machines);

  const restarted = database().restart({ downMs: 200 });
  await expect.poll(async () => (await rig.call(machines)).status, { interval: 10 }).toBe(503);
  await restarted;

  await untilRecovered(rig);
  expect(rig.log.of('database_error').length).toBeGreaterThan(0);
});

it('drops connections to a database that has become read-only, and writes again once it is not', async () => {
  await using rig = await startRig(database());
  const report = (sequence: number) => rig.call('/api/fleet/report', { body: { machineId: 'ro', sequence } });
  await report(1);
  await database().query('SET GLOBAL read_only = 1');

  try {
    expect(await report(2)).toMatchObject(unavailable);
    expect(await rig.log.find('database_error', { errno: 1290 })).toMatchObject({
      operation: 'apply_report',
    });
  } finally {
    await database().query('SET GLOBAL read_only = 0');
  }

  expect((await report(3)).status).toBe(200);
});

it('answers 503 when a row stays locked for too long, and has no effect then', async () => {
  await using rig = await startRig(database());
  await rig.call('/api/fleet/report', { body: { machineId: 'locked', sequence: 1 } });
  await rig.sql('START TRANSACTION');
  await rig.sql("SELECT * FROM machines WHERE machine_id = 'locked' FOR UPDATE");

  const answer = await rig.call('/api/fleet/report', { body: { machineId: 'locked', sequence: 2 } });
  await rig.sql('ROLLBACK');

  expect(answer).toMatchObject(unavailable);
  expect(rig.log.of('database_error')).toMatchObject([{ code: 'ER_LOCK_WAIT_TIMEOUT', errno: 1205 }]);
  const rows = await rig.sql("SELECT sequence FROM fleet_reports WHERE machine_id = 'locked'");
  expect(rows).toEqual([{ sequence: 1 }]);
});

it('refuses even when the refusal cannot be recorded', async () => {
  await using rig = await startRig(database());
  await rig.sql('RENAME TABLE system_events TO system_events_away');

  const answer = await rig.call(machines, { token: null });

  expect(answer.status).toBe(401);
  expect(rig.log.of('database_error')).toMatchObject([
    { operation: 'record_event', code: 'ER_NO_SUCH_TABLE' },
  ]);
});
