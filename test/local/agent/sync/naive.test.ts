import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StartedDatabase } from '../../../../harness/databases/index.ts';
import { until } from '../../../support/until.ts';
import { batch, cutAfter, makeSchema, startNaive, startServer } from './database.ts';

let server: StartedDatabase;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());

it('applies a batch as long as all is well, and again when it comes again', async () => {
  await using database = await makeSchema(server);
  await using sync = await startNaive(database);
  expect(await sync.worker.syncOnce(batch('r1'))).toMatchObject({ status: 'applied', attempts: 1 });
  await sync.worker.syncOnce(batch('r1'));
  expect(await database.applied('r1')).toBe(2);
});

it('fails for ever once its connection was killed, at ERROR, with the password in the log', async () => {
  await using database = await makeSchema(server);
  await using sync = await startNaive(database);
  await server.killConnections({ user: database.user });
  for (const runId of ['r1', 'r2']) {
    expect(await sync.worker.syncOnce(batch(runId))).toMatchObject({ status: 'failed', attempts: 4 });
  }
  expect(sync.lines.at(-1)).toContain("Can't add new command when connection is in closed state");
  expect(
    sync.lines.every((line) => line.includes(' - ERROR - ') && line.indexOf('\n') === line.length - 1),
  ).toBe(true);
  expect(sync.lines.join('')).toContain(database.address.password);
});

it('claims that a batch failed whose COMMIT took effect', async () => {
  await using database = await makeSchema(server);
  const { ca: _, ...address } = database.address;
  await using sync = await startNaive(database, { database: address, dial: cutAfter('COMMIT', 1) });
  expect(await sync.worker.syncOnce(batch('r1'))).toMatchObject({ status: 'failed', definite: true });
  await until(async () => (await database.applied('r1')) === 1);
});

it('counts a run for every attempt after a lock wait time-out, because nothing is rolled back', async () => {
  await using database = await makeSchema(server);
  await server.query('SET GLOBAL innodb_lock_wait_timeout = 1');
  try {
    await using sync = await startNaive(database);
    await sync.worker.syncOnce(batch('r1', ['a']));
    await using rival = await database.connect();
    await rival.beginTransaction();
    await rival.query("UPDATE sync_items SET version = version + 1 WHERE id = 'a'");
    const outcome = sync.worker.syncOnce(batch('r2', ['a']));
    await until(() => sync.lines.length === 2);
    await rival.rollback();
    expect(await outcome).toMatchObject({ status: 'applied', attempts: 3 });
    expect(await database.applied('r2')).toBe(3);
  } finally {
    await server.query('SET GLOBAL innodb_lock_wait_timeout = DEFAULT');
  }
});

it('does not come back from a server that was read-only for a moment', async () => {
  await using database = await makeSchema(server);
  await using sync = await startNaive(database);
  await server.query('SET GLOBAL read_only = 1');
  expect(await sync.worker.syncOnce(batch('r1'))).toMatchObject({ status: 'failed', attempts: 4 });
  expect(sync.lines).toHaveLength(4);
});
