/**
 * What the database in memory and a real one have to agree on: the statements of the reference server and of the sync worker,
 * and what users of mysql2 write besides. Each case works in a schema of its own.
 */
import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { expect } from 'vitest';
import {
  claimRun,
  countRun,
  createTables,
  toRows,
  upsertItems,
} from '../../../services/agent/sync/tables.ts';
import type { openDatabase } from '../../../services/server/database.ts';
import { makeTables } from '../../../services/server/migrate.ts';
import {
  findAgent,
  markSilentAgentsOffline,
  pendingCommands,
  recordHeartbeat,
  registerAgent,
} from '../../../services/server/store/agents.ts';
import { findClientByToken, loadClients } from '../../../services/server/store/clients.ts';
import { recordEvent } from '../../../services/server/store/events.ts';
import { applyReport, listMachines } from '../../../services/server/store/fleet.ts';

/** What a case works with. */
export interface StoreUnderTest {
  /** A session of the schema's user; it is closed after the case. */
  connect(): Promise<Connection>;
  /** The reference server's way to the database. */
  server(): Promise<ReturnType<typeof openDatabase>>;
  /** As the administrator. */
  admin(sql: string): Promise<readonly Record<string, unknown>[]>;
  readonly schema: string;
}

type Case = readonly [title: string, play: (store: StoreUnderTest) => Promise<void>];

const rowsOf = async (connection: Connection, sql: string, values: unknown[] = []) =>
  (await connection.query<RowDataPacket[]>(sql, values))[0];
const change = async (connection: Connection, sql: string, values: unknown[] = []) =>
  (await connection.query<ResultSetHeader>(sql, values))[0];
const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing failed',
    ({ errno, code }: { errno?: number; code?: string }) => ({ errno, code }),
  );
const at = (second: number): number => Date.UTC(2026, 10, 30, 12, 0, second, 250);

/** The reference server's tables, and a client in them. */
async function withClient(store: StoreUnderTest) {
  const database = await store.server();
  await makeTables(database);
  await store.admin(
    `INSERT INTO ${store.schema}.clients (id, name, email, client_token, is_active) VALUES ('c1', 'Example Ltd', 'a@example.test', 'tokA', 1)`,
  );
  return database;
}

export const storeCases: readonly Case[] = [
  [
    'makes the reference server’s tables, twice',
    async (store) => {
      const database = await store.server();
      await makeTables(database);
      await makeTables(database);
      const rows = await rowsOf(await store.connect(), 'SHOW TABLES');
      expect(rows.map((row) => Object.values(row)[0]).toSorted()).toEqual([
        'agents',
        'clients',
        'commands',
        'fleet_reports',
        'machines',
        'system_events',
      ]);
    },
  ],
  [
    'finds a client by its token, which is told apart by case',
    async (store) => {
      const database = await withClient(store);
      expect(await findClientByToken(database, 'tokA')).toEqual({
        id: 'c1',
        name: 'Example Ltd',
        isActive: true,
      });
      expect(await findClientByToken(database, 'toka')).toBeUndefined();
      expect([...(await loadClients(database)).keys()]).toEqual(['tokA']);
    },
  ],
  [
    'registers an agent once, and brings it back',
    async (store) => {
      const database = await withClient(store);
      const registration = { clientId: 'c1', logicalAgentId: 'agent-1', instanceId: 'i-1' };
      const first = await registerAgent(database, { ...registration, newId: 'a1', at: at(0) });
      const again = await registerAgent(database, { ...registration, newId: 'a2', at: at(9) });
      expect(first).toMatchObject({ agent: { id: 'a1', status: 'online' }, previous: undefined });
      expect(again).toMatchObject({ agent: { id: 'a1' }, previous: 'online' });
      expect(await findAgent(database, 'c1', 'a1')).toMatchObject({ logicalAgentId: 'agent-1' });
      expect(await findAgent(database, 'c2', 'a1')).toBeUndefined();
    },
  ],
  [
    'tells silent agents offline, and no others',
    async (store) => {
      const database = await withClient(store);
      const registration = { clientId: 'c1', instanceId: null };
      await registerAgent(database, { ...registration, newId: 'a1', logicalAgentId: 'one', at: at(0) });
      await registerAgent(database, { ...registration, newId: 'a2', logicalAgentId: 'two', at: at(20) });
      expect((await recordHeartbeat(database, 'c1', 'a2', at(30)))?.status).toBe('online');
      expect(await recordHeartbeat(database, 'c1', 'nobody', at(30))).toBeUndefined();
      const marked = await markSilentAgentsOffline(database, at(10));
      expect(marked.map(({ id }) => id)).toEqual(['a1']);
      expect(await markSilentAgentsOffline(database, at(10))).toEqual([]);
    },
  ],
  [
    'gives pending commands in order, with their arguments',
    async (store) => {
      const database = await withClient(store);
      await registerAgent(database, {
        newId: 'a1',
        clientId: 'c1',
        logicalAgentId: 'one',
        instanceId: null,
        at: at(0),
      });
      const connection = await store.connect();
      const { insertId } = await change(
        connection,
        'INSERT INTO commands (agent_id, command, arguments, created_at) VALUES ?',
        [
          [
            ['a1', 'restart', '{"now": true}', new Date(at(1))],
            ['a1', 'stop', null, new Date(at(2))],
          ],
        ],
      );
      const commands = await pendingCommands(database, 'a1');
      expect(insertId).toBe(1);
      expect(commands).toEqual([
        { id: 1, command: 'restart', arguments: { now: true }, createdAt: '2026-11-30T12:00:01.250Z' },
        { id: 2, command: 'stop', arguments: null, createdAt: '2026-11-30T12:00:02.250Z' },
      ]);
    },
  ],
  [
    'applies a report once for its key, all of it or nothing',
    async (store) => {
      const database = await withClient(store);
      const report = { clientId: 'c1', machineId: 'm1', idempotencyKey: 'k1', payload: { cpu: 0.5 } };
      expect(await applyReport(database, { ...report, sequence: 1, receivedAt: at(5) })).toBe('applied');
      expect(await applyReport(database, { ...report, sequence: 1, receivedAt: at(9) })).toBe('duplicate');
      expect(
        await applyReport(database, { ...report, sequence: 2, idempotencyKey: undefined, receivedAt: at(3) }),
      ).toBe('applied');
      expect(await listMachines(database, 'c1')).toEqual([{ machineId: 'm1', lastSeen: at(5) }]);
    },
  ],
  [
    'keeps an event with its details',
    async (store) => {
      const database = await withClient(store);
      await recordEvent(database, {
        type: 'auth_failed',
        at: at(0),
        details: { reason: 'it\'s "unknown" \\ \n' },
      });
      const [row] = await rowsOf(
        await store.connect(),
        'SELECT event_type, details, client_id FROM system_events',
      );
      const details = typeof row?.details === 'string' ? JSON.parse(row.details) : row?.details;
      expect({ ...row, details }).toEqual({
        event_type: 'auth_failed',
        details: { reason: 'it\'s "unknown" \\ \n' },
        client_id: null,
      });
    },
  ],
  [
    'claims a run once, and counts one that is counted',
    async (store) => {
      const connection = await store.connect();
      for (const sql of createTables) await connection.query(sql);
      const now = new Date(at(0));
      expect((await change(connection, claimRun, ['r1', 3, now])).affectedRows).toBe(1);
      expect(await failure(change(connection, claimRun, ['r1', 3, now]))).toEqual({
        errno: 1062,
        code: 'ER_DUP_ENTRY',
      });
      expect((await change(connection, countRun, ['r1', 3, now])).affectedRows).toBe(2);
      expect((await change(connection, countRun, ['r2', 3, now])).affectedRows).toBe(1);
      const rows = await rowsOf(connection, 'SELECT run_id, applied FROM sync_runs ORDER BY run_id');
      expect(rows).toEqual([
        { run_id: 'r1', applied: 2 },
        { run_id: 'r2', applied: 1 },
      ]);
    },
  ],
  [
    'lets no older version replace a newer one',
    async (store) => {
      const connection = await store.connect();
      for (const sql of createTables) await connection.query(sql);
      const items = (version: number, value: string) =>
        toRows([{ id: 'i1', value, version }], new Date(at(version)));
      await change(connection, upsertItems, [items(2, 'new')]);
      await change(connection, upsertItems, [items(1, 'old')]);
      expect(await rowsOf(connection, 'SELECT value, version, updated_at FROM sync_items')).toEqual([
        { value: 'new', version: 2, updated_at: new Date(at(2)) },
      ]);
      await change(connection, upsertItems, [items(3, 'newest')]);
      expect(await rowsOf(connection, 'SELECT value FROM sync_items')).toEqual([{ value: 'newest' }]);
    },
  ],
  [
    'undoes a transaction that is rolled back, or whose session ends',
    async (store) => {
      const [one, other] = [await store.connect(), await store.connect()];
      await one.query('CREATE TABLE t (id INT PRIMARY KEY, word VARCHAR(10))');
      await one.beginTransaction();
      await change(one, "INSERT INTO t VALUES (1, 'a')");
      expect(await rowsOf(other, 'SELECT * FROM t')).toEqual([]);
      expect(await rowsOf(one, 'SELECT * FROM t')).toEqual([{ id: 1, word: 'a' }]);
      await one.rollback();
      expect(await rowsOf(one, 'SELECT * FROM t')).toEqual([]);
      await one.beginTransaction();
      await change(one, "INSERT INTO t VALUES (2, 'b')");
      one.destroy();
      // The server sees the end of the session in its own time; whoever writes waits for that.
      await change(other, "INSERT INTO t VALUES (2, 'c')");
      expect(await rowsOf(other, 'SELECT * FROM t')).toEqual([{ id: 2, word: 'c' }]);
    },
  ],
  [
    'shows a transaction to others once it is committed',
    async (store) => {
      const [one, other] = [await store.connect(), await store.connect()];
      await one.query('CREATE TABLE t (id INT PRIMARY KEY, word VARCHAR(10))');
      await one.query('START TRANSACTION');
      await change(one, "INSERT INTO t VALUES (1, 'a')");
      await change(one, "UPDATE t SET word = 'b' WHERE id = 1");
      await one.query('COMMIT');
      expect(await rowsOf(other, 'SELECT * FROM t')).toEqual([{ id: 1, word: 'b' }]);
    },
  ],
  [
    'names what is wrong with a statement as MySQL does',
    async (store) => {
      const connection = await store.connect();
      await connection.query(
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, word VARCHAR(3) NOT NULL, kind ENUM('a', 'b') NULL, data JSON NULL)",
      );
      const errors = [
        'SELECT * FROM missing',
        'SELECT nothing FROM t',
        'SELEC 1',
        "INSERT INTO t (id, word) VALUES (1, 'long')",
        'INSERT INTO t (id, word) VALUES (1, NULL)',
        "INSERT INTO t (id, word, kind) VALUES (1, 'a', 'c')",
        "INSERT INTO t (id, word, data) VALUES (1, 'a', '{')",
        'CREATE TABLE t (id INT)',
      ];
      const found = [];
      for (const sql of errors) found.push(await failure(connection.query(sql)));
      const numbers = found.map((one) => (typeof one === 'string' ? one : one.errno));
      // MariaDB checks JSON as it checks any condition.
      expect(numbers).toEqual([1146, 1054, 1064, 1406, 1048, 1265, expect.toBeOneOf([3140, 4025]), 1050]);
    },
  ],
  [
    'refuses a child without its parent, and a parent that has children',
    async (store) => {
      const connection = await store.connect();
      await connection.query('CREATE TABLE parents (id INT PRIMARY KEY) ENGINE = InnoDB');
      await connection.query(
        'CREATE TABLE children (id INT PRIMARY KEY, parent INT, CONSTRAINT of FOREIGN KEY (parent) REFERENCES parents (id)) ENGINE = InnoDB',
      );
      await connection.query('INSERT INTO parents VALUES (1)');
      await connection.query('INSERT INTO children VALUES (1, 1)');
      expect(await failure(connection.query('INSERT INTO children VALUES (2, 2)'))).toMatchObject({
        errno: 1452,
      });
      expect(await failure(connection.query('DELETE FROM parents'))).toMatchObject({ errno: 1451 });
    },
  ],
  [
    'gives values by their types',
    async (store) => {
      const connection = await store.connect();
      await connection.query(
        'CREATE TABLE t (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, n TINYINT(1), d DOUBLE, s DATETIME, m DATETIME(3), j JSON, b VARBINARY(9))',
      );
      const given = [true, 1.5, new Date(at(1)), new Date(at(1)), '{"a":[1]}', Buffer.from([0, 1, 255])];
      await change(connection, 'INSERT INTO t (n, d, s, m, j, b) VALUES (?)', [given]);
      const [row] = await rowsOf(connection, 'SELECT * FROM t');
      const json = typeof row?.j === 'string' ? JSON.parse(row.j) : row?.j;
      expect({ ...row, j: json }).toEqual({
        id: 1,
        n: 1,
        d: 1.5,
        s: new Date(Date.UTC(2026, 10, 30, 12, 0, 1)),
        m: new Date(at(1)),
        j: { a: [1] },
        b: Buffer.from([0, 1, 255]),
      });
    },
  ],
  [
    'gives the same values to a statement that is prepared',
    async (store) => {
      const connection = await store.connect();
      await connection.query(
        'CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, word VARCHAR(20), m DATETIME(3), x DOUBLE)',
      );
      const insert = 'INSERT INTO t (word, m, x) VALUES (?, ?, ?)';
      await connection.execute(insert, ['it’s', new Date(at(2)), 0.25]);
      await connection.execute(insert, [null, null, null]);
      const [rows] = await connection.execute<RowDataPacket[]>(
        'SELECT * FROM t WHERE id >= ? ORDER BY id',
        [1],
      );
      expect(rows).toEqual([
        { id: 1, word: 'it’s', m: new Date(at(2)), x: 0.25 },
        { id: 2, word: null, m: null, x: null },
      ]);
    },
  ],
  [
    'calls columns as they are written',
    async (store) => {
      const connection = await store.connect();
      await connection.query('CREATE TABLE t (id INT PRIMARY KEY, word VARCHAR(9))');
      await connection.query("INSERT INTO t VALUES (1, 'x'), (2, 'y')");
      const sql =
        'SELECT COUNT(*), MAX(id) AS most, 1 + 1, t.word one FROM t GROUP BY t.word ORDER BY t.word LIMIT 1';
      const [row] = await rowsOf(connection, sql);
      expect(row).toEqual({ 'COUNT(*)': 1, most: 1, '1 + 1': 2, one: 'x' });
      expect(await rowsOf(connection, "SELECT 'a', SUM(id) AS total FROM t")).toEqual([
        { a: 'a', total: '3' },
      ]);
    },
  ],
  [
    'compares words without regard to case, unless they are told apart',
    async (store) => {
      const connection = await store.connect();
      await connection.query(
        'CREATE TABLE t (id INT PRIMARY KEY, word VARCHAR(9), exact VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)',
      );
      await connection.query("INSERT INTO t VALUES (1, 'Word', 'Word')");
      expect(await rowsOf(connection, "SELECT id FROM t WHERE word = 'wORD'")).toHaveLength(1);
      expect(await rowsOf(connection, "SELECT id FROM t WHERE exact = 'wORD'")).toHaveLength(0);
      expect(await rowsOf(connection, "SELECT id FROM t WHERE word LIKE 'W%'")).toHaveLength(1);
      expect(await rowsOf(connection, "SELECT id FROM t WHERE word LIKE 'W\\\\%'")).toHaveLength(0);
    },
  ],
  [
    'counts rows that are matched, and takes what is there already',
    async (store) => {
      const connection = await store.connect();
      await connection.query('CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL DEFAULT 7)');
      expect((await change(connection, 'INSERT INTO t (id) VALUES (1), (2)')).affectedRows).toBe(2);
      expect((await change(connection, 'UPDATE t SET n = 7 WHERE id > 0')).affectedRows).toBe(2);
      expect((await change(connection, 'INSERT IGNORE INTO t (id) VALUES (1), (3)')).affectedRows).toBe(1);
      expect((await change(connection, 'REPLACE INTO t (id, n) VALUES (3, 9)')).affectedRows).toBe(2);
      expect((await change(connection, 'DELETE FROM t WHERE id = 3')).affectedRows).toBe(1);
      expect(
        await rowsOf(
          connection,
          'SELECT IF(n > 6, "yes", "no") AS many, CONCAT(id, "-", n) AS both_of FROM t WHERE id = 1',
        ),
      ).toEqual([{ many: 'yes', both_of: '1-7' }]);
    },
  ],
  [
    'knows the session, its schema and its settings',
    async (store) => {
      const connection = await store.connect();
      const [row] = await rowsOf(
        connection,
        'SELECT DATABASE() AS name, CONNECTION_ID() > 0 AS has_number, 1 <=> NULL AS same',
      );
      expect(row).toEqual({ name: store.schema, has_number: 1, same: 0 });
      await connection.query('SET autocommit = 0');
      expect(await rowsOf(connection, 'SELECT @@autocommit AS set_to')).toEqual([
        { set_to: expect.toBeOneOf([0, '0']) },
      ]);
      await connection.ping();
    },
  ],
  [
    'ends a session that is killed',
    async (store) => {
      const connection = await store.connect();
      connection.on('error', () => {});
      const [row] = await rowsOf(connection, 'SELECT CONNECTION_ID() AS id');
      const processes = await store.admin('SHOW PROCESSLIST');
      expect(processes.find(({ Id }) => Number(Id) === row?.id)).toMatchObject({ db: store.schema });
      await store.admin(`KILL ${row?.id}`);
      expect(await failure(connection.query('SELECT 1'))).not.toBe('nothing failed');
    },
  ],
];
