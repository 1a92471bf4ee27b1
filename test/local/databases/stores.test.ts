/**
 * One suite for the database in memory and for a real one: what the reference server and the agents ask of a database, both
 * answer alike, over TLS and mysql2.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Connection, createConnection, createPool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Administration,
  type DatabaseFacts,
  findDatabase,
  startDatabase,
} from '../../../harness/databases/index.ts';
import { createMemoryDatabase, type MemoryDatabase } from '../../../harness/databases/memory/index.ts';
import { createAuthority } from '../../../proxy/certificates/index.ts';
import { systemClock } from '../../../proxy/core/clock.ts';
import { seededRandom } from '../../../proxy/core/random.ts';
import { openDatabase } from '../../../services/server/database.ts';
import { storeCases } from './store-cases.ts';

type Server = DatabaseFacts & Omit<Administration, 'close'> & AsyncDisposable;

/** The database in memory behind a port, so that clients cannot tell it from a real one. */
async function startInMemory(settings: Record<string, string> = {}): Promise<MemoryDatabase> {
  const authority = await createAuthority({ name: 'Test', now: systemClock().now() });
  const { chainPem: cert, keyPem: key } = await authority.issue({ hosts: ['localhost', '127.0.0.1'] });
  const port = createServer((socket) => database.attach(socket)).listen(0, '127.0.0.1');
  await once(port, 'listening');
  const database = createMemoryDatabase({
    clock: systemClock(),
    random: seededRandom(1),
    host: '127.0.0.1',
    port: (port.address() as AddressInfo).port,
    tls: { cert, key, ca: authority.certPem },
    settings,
  });
  const dispose = database[Symbol.asyncDispose];
  return {
    ...database,
    async [Symbol.asyncDispose]() {
      await dispose();
      port.close();
    },
  };
}

const kinds = {
  memory: () => startInMemory(),
  real: async () => startDatabase({ binary: await findDatabase({}) }),
} satisfies Record<string, () => Promise<Server>>;

describe.each(Object.entries(kinds))('the %s database', (_, start) => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  }, 120_000);
  afterAll(() => server?.[Symbol.asyncDispose]());

  it.each(storeCases)('%s', async (_title, play) => {
    const schema = await server.createSchema();
    await using held = new AsyncDisposableStack();
    held.defer(() => server.dropSchema(schema));
    const address = { host: server.host, port: server.port };

    await play({
      schema: schema.database,
      admin: (sql) => server.query(sql),
      async connect() {
        const ssl = { ca: server.caPem, verifyIdentity: true };
        const connection = await createConnection({ ...address, ...schema, ssl, timezone: 'Z' });
        held.defer(async () => connection.destroy());
        return connection;
      },
      async server() {
        const { database: name, user, password } = schema;
        const config = {
          ...address,
          name,
          user,
          password,
          ca: server.caPem,
          poolSize: 3,
          operationTimeoutMs: 20_000,
        };
        const database = openDatabase(config, systemClock());
        held.defer(() => database.close());
        return database;
      },
    });
  });
});

describe('the database in memory', () => {
  let server: MemoryDatabase;
  beforeAll(async () => {
    server = await startInMemory({ 'max-connections': '2', 'innodb-lock-wait-timeout': '1' });
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  async function connect(more: object = {}): Promise<Connection> {
    const { host, port, caPem: ca } = server;
    return createConnection({ host, port, ssl: { ca }, ...more });
  }
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => 0,
      ({ errno }: { errno: number }) => errno,
    );

  it('lets nobody in by another password', async () => {
    const schema = await server.createSchema();
    expect(await failure(connect({ ...schema, password: 'another' }))).toBe(1045);
    expect(await failure(connect({ user: 'nobody' }))).toBe(1045);
  });

  it('turns away more clients than it may have, and takes one again when another has left', async () => {
    const schema = await server.createSchema();
    const [one, other] = [await connect(schema), await connect(schema)];
    expect(await failure(connect(schema))).toBe(1040);
    await one.end();
    await expect.poll(() => failure(connect(schema).then((third) => third.end()))).toBe(0);
    await other.end();
  });

  it('gives up waiting for rows that another holds', async () => {
    const schema = await server.createSchema();
    const [one, other] = [await connect(schema), await connect(schema)];
    await one.query('CREATE TABLE t (id INT PRIMARY KEY)');
    await one.beginTransaction();
    await one.query('INSERT INTO t VALUES (1)');
    expect(await failure(other.query('INSERT INTO t VALUES (2)'))).toBe(1205);
    await one.commit();
    expect(await failure(other.query('INSERT INTO t VALUES (2)'))).toBe(0);
    await Promise.all([one.end(), other.end()]);
  });

  it('says of what it does not know that it does not', async () => {
    const schema = await server.createSchema();
    const connection = await connect(schema);
    for (const sql of ['LOCK TABLES t WRITE', 'SELECT NOW() - INTERVAL 1 DAY', 'ALTER TABLE t ADD c INT'])
      expect(await failure(connection.query(sql)), sql).toBe(1235);
    await connection.end();
  });

  it('answers nothing while it is frozen, and everything afterwards', async () => {
    const connection = await connect(await server.createSchema());
    await server.freeze();
    const answer = connection.query('SELECT 1 AS one');
    const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 50, 'nothing'))]);
    await server.thaw();
    expect(first).toBe('nothing');
    expect((await answer)[0]).toEqual([{ one: 1 }]);
    await connection.end();
  });

  it('keeps what was committed when it restarts', async () => {
    const schema = await server.createSchema();
    const pool = createPool({ host: server.host, port: server.port, ssl: { ca: server.caPem }, ...schema });
    await pool.query('CREATE TABLE t (id INT PRIMARY KEY)');
    await pool.query('INSERT INTO t VALUES (1)');
    await server.restart();
    await expect
      .poll(() => pool.query('SELECT id FROM t').then(([rows]) => rows, String))
      .toEqual([{ id: 1 }]);
    await pool.end();
  });

  it('takes a statement that is longer than a packet', async () => {
    const connection = await connect(await server.createSchema());
    await connection.query('CREATE TABLE t (id INT PRIMARY KEY, words LONGTEXT)');
    const words = 'x'.repeat(17_000_000);
    await connection.query('INSERT INTO t VALUES (1, ?)', [words]);
    const [[row]] = (await connection.query('SELECT words FROM t')) as unknown as [[{ words: string }]];
    expect(row.words.length).toBe(words.length);
    await connection.end();
  });
});
