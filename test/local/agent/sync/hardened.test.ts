import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartedDatabase } from '../../../../harness/databases/index.ts';
import { dialTcp } from '../../../../services/agent/shared/dial.ts';
import { createHardenedSync, defaultSyncPolicy } from '../../../../services/agent/sync/index.ts';
import { seededRandom } from '../../../../services/random.ts';
import { until } from '../../../support/until.ts';
import { collectLog } from '../websocket/peer.ts';
import { batch, cutAfter, fastClock, makeSchema, patience, startHardened, startServer } from './database.ts';

let server: StartedDatabase;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());

it('applies a batch once, however often it comes', async () => {
  await using database = await makeSchema(server);
  await using sync = await startHardened(database);
  const first = await sync.worker.syncOnce(batch('r1'));
  const second = await sync.worker.syncOnce(batch('r1'));
  expect(first).toEqual({ status: 'applied', runId: 'r1', attempts: 1, duplicate: false });
  expect(second).toEqual({ status: 'applied', runId: 'r1', attempts: 1, duplicate: true });
  expect(await database.applied('r1')).toBe(1);
  const items = await database.query('SELECT id, value, version FROM @sync_items ORDER BY id');
  expect(items).toEqual([
    { id: 'a', value: 'r1 a', version: 1 },
    { id: 'b', value: 'r1 b', version: 0 },
  ]);
});

it('never replaces a newer version by an older one', async () => {
  await using database = await makeSchema(server);
  await using sync = await startHardened(database);
  await sync.worker.syncOnce({ runId: 'new', items: [{ id: 'a', value: 'new', version: 2 }] });
  await sync.worker.syncOnce({ runId: 'old', items: [{ id: 'a', value: 'old', version: 1 }] });
  expect(await database.query('SELECT value, version FROM @sync_items')).toEqual([
    { value: 'new', version: 2 },
  ]);
});

it('applies an empty batch', async () => {
  await using database = await makeSchema(server);
  await using sync = await startHardened(database);
  expect(await sync.worker.syncOnce(batch('r1', []))).toMatchObject({ status: 'applied' });
});

it('does not notice that its idle connection was killed', async () => {
  await using database = await makeSchema(server);
  await using sync = await startHardened(database);
  for (const runId of ['r1', 'r2', 'r3']) {
    expect(await sync.worker.syncOnce(batch(runId))).toMatchObject({ status: 'applied' });
    expect(await server.killConnections({ user: database.user })).toBeGreaterThan(0);
  }
  expect(sync.records().filter(({ level }) => level !== 'debug')).toMatchObject([{ event: 'sync_started' }]);
});

it('does not notice that the server closed its idle connection', async () => {
  await using database = await makeSchema(server);
  await server.query('SET GLOBAL wait_timeout = 1');
  try {
    await using sync = await startHardened(database);
    await sync.worker.syncOnce(batch('r1'));
    await until(() => sync.worker.stats().connections === 0);
    expect(await sync.worker.syncOnce(batch('r2'))).toMatchObject({ status: 'applied', attempts: 1 });
    expect(sync.records()).toMatchObject([{ event: 'sync_started' }]);
  } finally {
    await server.query('SET GLOBAL wait_timeout = DEFAULT');
  }
});

describe('contention', () => {
  it('is tried again after a deadlock', async () => {
    await using database = await makeSchema(server);
    await using sync = await startHardened(database);
    await sync.worker.syncOnce(
      batch(
        'r1',
        Array.from({ length: 100 }, (_, index) => `z${index}`),
      ),
    );
    await sync.worker.syncOnce(batch('r2', ['a', 'b']));

    await using rival = await database.connect();
    await rival.beginTransaction();
    await rival.query("UPDATE sync_items SET version = version + 1 WHERE id LIKE 'z%'");
    await rival.query("UPDATE sync_items SET version = version + 1 WHERE id = 'b'");
    const outcome = sync.worker.syncOnce(batch('r3', ['b', 'a']));
    await until(async () => {
      const [row] = await server.query("SHOW STATUS LIKE 'Innodb_row_lock_current_waits'");
      return row?.Value === '1';
    });
    await rival.query("UPDATE sync_items SET version = version + 1 WHERE id = 'a'");
    await rival.commit();

    expect(await outcome).toMatchObject({ status: 'applied', attempts: 2, duplicate: false });
    expect(sync.records('attempt_failed')).toMatchObject([
      { level: 'debug', code: 'ER_LOCK_DEADLOCK', definite: true },
    ]);
    expect(sync.worker.stats()).toMatchObject({ opened: 1 });
  });

  it('is tried again after a lock wait time-out, with nothing left of the attempt', async () => {
    await using database = await makeSchema(server);
    await server.query('SET GLOBAL innodb_lock_wait_timeout = 1');
    try {
      await using sync = await startHardened(database);
      await sync.worker.syncOnce(batch('r1', ['a']));
      await using rival = await database.connect();
      await rival.beginTransaction();
      await rival.query("UPDATE sync_items SET version = version + 1 WHERE id = 'a'");
      const outcome = sync.worker.syncOnce(batch('r2', ['a']));
      await until(() => sync.records('attempt_failed').length === 1);
      expect(await database.applied('r2')).toBe(0);
      await rival.rollback();
      expect(await outcome).toMatchObject({ status: 'applied' });
      expect(await database.applied('r2')).toBe(1);
      expect(sync.records('attempt_failed')[0]).toMatchObject({
        code: 'ER_LOCK_WAIT_TIMEOUT',
        category: 'database',
      });
    } finally {
      await server.query('SET GLOBAL innodb_lock_wait_timeout = DEFAULT');
    }
  });
});

it('kills a statement that takes too long, on the server as well', async () => {
  await using database = await makeSchema(server);
  const policy = { queryTimeoutMs: 3_000, contention: defaultSyncPolicy.contention };
  await using sync = await startHardened(database, { policy });
  await sync.worker.syncOnce(batch('r1', ['a']));
  await using rival = await database.connect();
  await rival.beginTransaction();
  await rival.query("UPDATE sync_items SET version = version + 1 WHERE id = 'a'");
  const outcome = sync.worker.syncOnce(batch('r2', ['a']));
  await until(() => sync.records('attempt_failed').length === 2);
  expect(sync.records('attempt_failed')[0]).toMatchObject({ category: 'timeout', code: 'DEADLINE_EXCEEDED' });
  const count =
    "SELECT COUNT(*) AS waiting FROM information_schema.processlist WHERE User = ? AND Info LIKE 'INSERT%'";
  const [row] = await server.query(count, [database.user]);
  expect(Number(row?.waiting)).toBeLessThanOrEqual(1);
  await rival.rollback();
  expect(await outcome).toMatchObject({ status: 'applied' });
  expect(sync.worker.stats()).toMatchObject({ connections: 1, inUse: 0 });
});

it('kills it on the very server, whatever else has its name', async () => {
  await using database = await makeSchema(server);
  const dialled: string[] = [];
  const policy = { queryTimeoutMs: 3_000, contention: defaultSyncPolicy.contention };
  await using sync = await startHardened(database, {
    policy,
    database: { ...database.address, host: 'localhost' },
    dial: ({ host, port }) => {
      dialled.push(host);
      return dialTcp({ host: '127.0.0.1', port });
    },
  });
  await using rival = await database.connect();
  await sync.worker.syncOnce(batch('r1', ['a']));
  await rival.beginTransaction();
  await rival.query("UPDATE sync_items SET version = version + 1 WHERE id = 'a'");
  const outcome = sync.worker.syncOnce(batch('r2', ['a']));
  await until(() => sync.records('attempt_failed').length === 1);
  await rival.rollback();

  expect(await outcome).toMatchObject({ status: 'applied' });
  expect(new Set(dialled)).toEqual(new Set(['localhost', '127.0.0.1']));
});

it('leaves a server that has become read-only, and is back soon after it can be written to', async () => {
  await using database = await makeSchema(server);
  await using sync = await startHardened(database);
  await server.query('SET GLOBAL read_only = 1');
  const outcome = sync.worker.syncOnce(batch('r1'));
  await until(() => sync.records('attempt_failed').length === 1);
  await server.query('SET GLOBAL read_only = 0');
  expect(await outcome).toMatchObject({ status: 'applied' });
  expect(sync.worker.stats().opened).toBe(sync.records('attempt_failed').length + 1);
  expect(sync.records('attempt_failed')[0]).toMatchObject({
    code: 'ER_OPTION_PREVENTS_STATEMENT',
    level: 'debug',
  });
});

it('waits for room when the server has too many connections', async () => {
  await using database = await makeSchema(server);
  await server.query('SET GLOBAL max_connections = 10');
  try {
    await using crowd = new AsyncDisposableStack();
    for (let count = 0; count < 9; count += 1) crowd.use(await database.connect());
    const { log, records } = collectLog();
    await using worker = createHardenedSync({
      database: database.address,
      clock: fastClock(),
      random: seededRandom(3),
      log,
      policy: patience,
    });
    const outcome = worker.syncOnce(batch('r1'));
    await until(() => records('attempt_failed').length === 2);
    expect(records('attempt_failed')[0]).toMatchObject({ code: 'ER_CON_COUNT_ERROR' });
    await crowd.disposeAsync();
    expect(await outcome).toMatchObject({ status: 'applied' });
  } finally {
    await server.query('SET GLOBAL max_connections = DEFAULT');
  }
});

it('comes through a restart of the server under load, with the pool as it was', async () => {
  await using database = await makeSchema(server);
  await using sync = await startHardened(database);
  const runIds = Array.from({ length: 12 }, (_, index) => `r${index}`);
  const outcomes = Promise.all(runIds.map((runId) => sync.worker.syncOnce(batch(runId, [runId, 'shared']))));
  await server.restart({ graceful: false });
  const late = await sync.worker.syncOnce(batch('late'));
  expect([...(await outcomes), late].filter(({ status }) => status !== 'applied')).toEqual([]);
  for (const runId of [...runIds, 'late']) expect(await database.applied(runId)).toBe(1);
  const { connections, inUse, waiting } = sync.worker.stats();
  expect({ inUse, waiting }).toEqual({ inUse: 0, waiting: 0 });
  expect(connections).toBeLessThanOrEqual(defaultSyncPolicy.poolSize);
});

it('gives up in bounded time on a server that does not answer, and recovers with it', async () => {
  await using database = await makeSchema(server);
  const outage = { ...defaultSyncPolicy.outage, attempts: 2 };
  const policy = { connectTimeoutMs: 2_000, queryTimeoutMs: 2_000, pingTimeoutMs: 1_000, outage };
  await using sync = await startHardened(database, { policy });
  await server.freeze();
  try {
    const outcome = await sync.worker.syncOnce(batch('r1'));
    expect(outcome).toMatchObject({ status: 'failed', definite: true, category: 'timeout', attempts: 2 });
  } finally {
    await server.thaw();
  }
  expect(sync.records('operation_failed')).toMatchObject([{ level: 'error', operation: 'sync' }]);
  // Its short bounds hold for a busy machine too: what counts is that it comes back without being told.
  await until(async () => (await sync.worker.syncOnce(batch('r2'))).status === 'applied');
  expect(sync.records('operation_recovered')).toHaveLength(1);
});

describe('a COMMIT without an answer', () => {
  it('is looked into by the next attempt, so that the batch is applied once', async () => {
    await using database = await makeSchema(server);
    const { ca: _, ...address } = database.address;
    await using sync = await startHardened(database, { database: address, dial: cutAfter('COMMIT', 1) });
    expect(await sync.worker.syncOnce(batch('r1'))).toMatchObject({ status: 'applied', attempts: 2 });
    expect(sync.records('attempt_failed')).toMatchObject([{ definite: false }]);
    expect(await database.applied('r1')).toBe(1);
  });

  it('is called unknown when there is no next attempt', async () => {
    await using database = await makeSchema(server);
    const { ca: _, ...address } = database.address;
    const policy = { outage: { ...defaultSyncPolicy.outage, attempts: 1 } };
    await using sync = await startHardened(database, { database: address, dial: cutAfter('COMMIT'), policy });
    expect(await sync.worker.syncOnce(batch('r1'))).toMatchObject({
      status: 'unknown',
      category: 'database',
    });
  });
});

it('calls a failure before COMMIT definite, and nothing is left of it', async () => {
  await using database = await makeSchema(server);
  const { ca: _, ...address } = database.address;
  const policy = { outage: { ...defaultSyncPolicy.outage, attempts: 1 } };
  await using sync = await startHardened(database, {
    database: address,
    dial: cutAfter('INSERT INTO sync_items'),
    policy,
  });
  expect(await sync.worker.syncOnce(batch('r1'))).toMatchObject({ status: 'failed', definite: true });
  expect(await database.applied('r1')).toBe(0);
});

it('does not retry a refused password, and does not show it', async () => {
  await using database = await makeSchema(server);
  const { log, lines, records } = collectLog();
  const password = 'wrong-password-4711';
  const options = {
    database: { ...database.address, password },
    clock: fastClock(),
    random: seededRandom(3),
    log,
    policy: patience,
  };
  await using worker = createHardenedSync(options);
  await expect(worker.start()).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
  expect(records('attempt_failed')).toEqual([]);
  expect(records('operation_failed')).toMatchObject([
    { category: 'authentication', severity: 'critical', attempt: 1 },
  ]);
  expect(lines.join('')).not.toContain(password);
});

it('stops within its bound while a batch waits for a lock, and holds nothing then', async () => {
  await using database = await makeSchema(server);
  const held = (): number =>
    process.getActiveResourcesInfo().filter((kind) => /TCPSocket|TLS/.test(kind)).length;
  await server.query('SELECT 1');
  await using rival = await database.connect();
  const before = held();
  const sync = await startHardened(database, { policy: { stopTimeoutMs: 1_000 } });
  await sync.worker.syncOnce(batch('r1', ['a']));
  await rival.beginTransaction();
  await rival.query("UPDATE sync_items SET version = version + 1 WHERE id = 'a'");
  const outcome = sync.worker.syncOnce(batch('r2', ['a']));
  await until(() => sync.worker.stats().inUse === 1);
  await sync.worker.stop();
  expect(await outcome).toMatchObject({ status: 'failed', definite: true });
  expect(sync.worker.stats()).toMatchObject({ connections: 0, inUse: 0, waiting: 0 });
  await until(() => held() <= before);
  await rival.rollback();
});
