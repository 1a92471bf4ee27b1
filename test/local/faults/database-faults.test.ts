import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { findDatabase, type StartedDatabase, startDatabase } from '../../../harness/databases/index.ts';
import type { Fault } from '../../../harness/faults/fault.ts';
import type { FaultReport, PlannedFault } from '../../../harness/faults/planned-fault.ts';
import {
  connectionLimit,
  deadlocks,
  holdLocks,
  holdTable,
  idleTimeout,
  killConnections,
  type LabDatabase,
  readOnly,
  restartDatabase,
  slowQueries,
  type Table,
} from '../../../harness/index.ts';
import { valueAt } from '../../../harness/journal/matcher.ts';
import { startLocalTable } from '../../../harness/worlds/local/table.ts';

const pace = 10;
const path = 'client→mysql';

/** One server for all tests: a fault that does not lift cleanly breaks the next one. */
let shared: StartedDatabase;

beforeAll(async () => {
  shared = await startDatabase({ binary: await findDatabase() });
}, 120_000);

afterAll(() => shared?.stop());

interface Laid {
  table: Table;
  database: LabDatabase;
  /** A client of the run's own user, over the link. */
  client(): Promise<Connection>;
  /** A global variable of the server. */
  global(name: string): Promise<unknown>;
  /** Ends the run and says how the fault fared. */
  close(): Promise<FaultReport>;
}

/** Starts a table with one fault, called `fault`, that waits to be injected. */
async function lay(fault: Fault, { own = false } = {}): Promise<Laid> {
  const faults: Record<string, PlannedFault> = { fault: { fault, from: 'manual' } };
  const world = await startLocalTable({
    ...{ scenario: 'test/database-faults', subject: 'client', seed: 1, pace },
    ...{ faults, database: async () => shared },
  });
  let reports: Promise<FaultReport[]> | undefined;
  const close = async (): Promise<FaultReport> => {
    reports ??= world.close();
    return (await reports)[0] as FaultReport;
  };
  onTestFinished(async () => void (await close()));
  const { table } = world;
  const database = await table.database({ own });
  const link = await table.link(path, database.server);
  const clients: Connection[] = [];
  table.use({
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.destroy();
    },
  });
  return {
    table,
    database,
    async client() {
      const { host, port } = link;
      const ssl = { ca: database.server.caPem };
      const client = await createConnection({ host, port, ...database.schema, ssl });
      client.on('error', () => {});
      clients.push(client);
      return client;
    },
    async global(name) {
      const [row] = await database.server.query('SHOW GLOBAL VARIABLES LIKE ?', [name]);
      return row?.Value;
    },
    close,
  };
}

/** A table with rows `a`, `b` and a hundred more behind them. */
async function makeItems(client: Connection): Promise<void> {
  await client.query('CREATE TABLE items (id VARCHAR(8) PRIMARY KEY, version INT NOT NULL) ENGINE = InnoDB');
  const others = Array.from({ length: 100 }, (_, index) => [`c${index}`, 0]);
  await client.query('INSERT INTO items VALUES ?', [[['a', 0], ['b', 0], ...others]]);
}

const errno = (expected: number) => expect.objectContaining({ errno: expected });

it('kills every connection of the run, and nobody else’s', async () => {
  const { table, database, client, close } = await lay(killConnections());
  const [one, other] = [await client(), await client()];

  await table.inject('fault');

  await expect(one.query('SELECT 1')).rejects.toThrow();
  await expect(other.query('SELECT 1')).rejects.toThrow();
  await expect(database.server.query('SELECT 1')).resolves.toHaveLength(1);
  await expect((await client()).query('SELECT 1')).resolves.toBeDefined();
  expect(await close()).toMatchObject({ strikes: 2 });
});

it('has the server close a connection that is idle for a second', async () => {
  const { table, client, global, close } = await lay(idleTimeout({ seconds: 1 }));
  const before = await global('wait_timeout');

  await table.inject('fault');
  await client();
  const closed = await table.until({ kind: 'connection.close' }, { withinMs: 5_000 * pace });
  const struck = await table.until({ kind: 'fault.strike', fault: 'fault' }, { withinMs: 1_000 * pace });
  await table.lift('fault');

  expect(closed && valueAt(closed, 'ageMs')).toBeGreaterThan(900 * pace);
  expect(struck).toBeDefined();
  expect(await global('wait_timeout')).toBe(before);
  expect(await close()).toMatchObject({ strikes: 1 });
});

it('takes an orderly goodbye for no strike', async () => {
  const { table, client, close } = await lay(idleTimeout({ seconds: 5 }));

  await table.inject('fault');
  await (await client()).end();

  expect(await close()).toMatchObject({ strikes: 0 });
});

it('leaves no room for a connection of the run', async () => {
  const { table, client, database, global, close } = await lay(connectionLimit());
  const before = await global('max_connections');
  const old = await client();

  await table.inject('fault');
  await expect(old.query('SELECT 1')).rejects.toThrow();
  await expect(client()).rejects.toEqual(errno(1040));
  await expect(client()).rejects.toEqual(errno(1040));
  await expect(database.server.query('SELECT 1')).resolves.toHaveLength(1);
  await table.lift('fault');

  await expect((await client()).query('SELECT 1')).resolves.toBeDefined();
  expect(await global('max_connections')).toBe(before);
  expect(await close()).toMatchObject({ strikes: 2 });
});

it('holds a row lock until it is lifted', async () => {
  const { table, client, close } = await lay(
    holdLocks({ lock: "SELECT * FROM items WHERE id = 'a' FOR UPDATE" }),
  );
  const subject = await client();
  await makeItems(subject);
  await subject.query('SET SESSION innodb_lock_wait_timeout = 1');
  const write = (): Promise<unknown> => subject.query("UPDATE items SET version = 1 WHERE id = 'a'");

  await table.inject('fault');
  await expect(write()).rejects.toEqual(errno(1205));
  await table.lift('fault');

  await expect(write()).resolves.toBeDefined();
  expect(await close()).toMatchObject({ strikes: 1 });
});

it('holds a table, for reads too, until it is lifted', async () => {
  const { table, client, close } = await lay(holdTable({ table: 'items' }));
  const subject = await client();
  await makeItems(subject);
  let answered = false;

  await table.inject('fault');
  const read = subject.query('SELECT * FROM items').then(() => {
    answered = true;
  });
  await (await client()).query('SELECT 1');
  await table.until({ kind: 'fault.strike' }, { withinMs: 60_000 });
  expect(answered).toBe(false);
  await table.lift('fault');

  await read;
  expect(await close()).toMatchObject({ strikes: 1 });
});

it('makes the subject the victim of as many deadlocks in a row as it is told', async () => {
  const first = "UPDATE items SET version = version + 1 WHERE id >= 'b' ORDER BY id";
  const second = "UPDATE items SET version = version + 1 WHERE id = 'a'";
  const { table, client, close } = await lay(deadlocks({ first, second, times: 3 }));
  const subject = await client();
  await makeItems(subject);
  const attempt = async (): Promise<void> => {
    await subject.query('START TRANSACTION');
    await subject.query("UPDATE items SET version = 7 WHERE id = 'a'");
    await subject.query("UPDATE items SET version = 7 WHERE id = 'b'");
    await subject.query('COMMIT');
  };

  await table.inject('fault');
  for (let count = 0; count < 3; count += 1) await expect(attempt()).rejects.toEqual(errno(1213));
  await attempt();
  await table.lift('fault');

  const [rows] = await subject.query<RowDataPacket[]>('SELECT version FROM items WHERE version <> 0');
  expect(rows).toEqual([{ version: 7 }, { version: 7 }]);
  expect(await close()).toMatchObject({ strikes: 3 });
});

it('gives up a deadlock that nobody came for', async () => {
  const { table, client, close } = await lay(
    deadlocks({
      first: 'UPDATE items SET version = 1',
      second: "UPDATE items SET version = 1 WHERE id = 'a'",
    }),
  );
  const subject = await client();
  await makeItems(subject);

  await table.inject('fault');
  await table.lift('fault');

  const [rows] = await subject.query<RowDataPacket[]>('SELECT version FROM items WHERE version <> 0');
  expect(rows).toEqual([]);
  expect(await close()).toMatchObject({ strikes: 0 });
});

it.each([
  { graceful: true },
  { graceful: false },
])('restarts the server on its port (graceful: $graceful)', async ({ graceful }) => {
  const { table, client, close } = await lay(restartDatabase({ downMs: 1_000, link: path, graceful }), {
    own: true,
  });
  const old = await client();

  await table.inject('fault');
  await table.lift('fault');

  await expect(old.query('SELECT 1')).rejects.toThrow();
  await expect((await client()).query('SELECT 1')).resolves.toBeDefined();
  expect(await close()).toMatchObject({ strikes: 1 });
});

it('refuses the writes of all connections while the server is read-only', async () => {
  const { table, client, close } = await lay(readOnly());
  const old = await client();
  await makeItems(old);
  const write = (by: Connection): Promise<unknown> => by.query('UPDATE items SET version = version + 1');

  await table.inject('fault');
  await expect(write(old)).rejects.toEqual(errno(1290));
  const error: unknown = await write(await client()).catch((thrown: unknown) => thrown);
  table.record('agent', 'agent.log', { level: 'error', log: 'agent', message: String(error) });
  await table.lift('fault');

  expect(error).toEqual(errno(1290));
  await expect(write(old)).resolves.toBeDefined();
  expect(await close()).toMatchObject({ strikes: 1 });
});

it('lets new connections write while those from before the fail-over are read-only', async () => {
  const { table, client } = await lay(readOnly({ connections: 'already' }));
  const old = await client();
  await makeItems(old);
  const write = (by: Connection): Promise<unknown> => by.query('UPDATE items SET version = version + 1');

  await table.inject('fault');
  await expect(write(old)).rejects.toEqual(errno(1290));
  await expect(write(await client())).resolves.toBeDefined();
  await table.lift('fault');

  await expect(write(old)).resolves.toBeDefined();
});

it('slows the writes down that it is told, and holds no others up', async () => {
  const { table, client, close } = await lay(
    slowQueries({ table: 'items', delayMs: 3_000, where: "NEW.id = 'a'" }),
  );
  const [subject, another] = [await client(), await client()];
  await makeItems(subject);
  const timed = async (by: Connection, id: string): Promise<number> => {
    const begun = table.clock.now();
    await by.query('UPDATE items SET version = version + 1 WHERE id = ?', [id]);
    return table.clock.now() - begun;
  };

  await table.inject('fault');
  const writing = timed(subject, 'a');
  await table.until({ kind: 'fault.strike' }, { withinMs: 1_000 * pace });
  const other = await timed(another, 'b');
  const slow = await writing;
  await table.lift('fault');
  const after = await timed(subject, 'a');

  expect(slow).toBeGreaterThanOrEqual(2_900);
  expect(other).toBeLessThan(2_900);
  expect(after).toBeLessThan(2_900);
  expect(await close()).toMatchObject({ strikes: 1 });
});

it('lets the subject kill a write of its own that is slow', async () => {
  const { table, client } = await lay(slowQueries({ table: 'items', delayMs: 50_000 }));
  const [subject, killer] = [await client(), await client()];
  await makeItems(subject);

  await table.inject('fault');
  const killed = expect(subject.query("UPDATE items SET version = 1 WHERE id = 'a'")).rejects.toThrow();
  await table.until({ kind: 'fault.strike' }, { withinMs: 1_000 * pace });
  const begun = table.clock.now();
  await killer.query('KILL CONNECTION ?', [subject.threadId]);
  await killed;

  expect(table.clock.now() - begun).toBeLessThan(20_000);
});
