import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { identifyProcess } from '../../../harness/cleanup/process-identity.ts';
import {
  attachDatabase,
  type DatabaseBinary,
  type DatabaseFacts,
  findDatabase,
  type Schema,
  type StartedDatabase,
  startDatabase,
} from '../../../harness/databases/index.ts';
import { createAuthority } from '../../../proxy/certificates/index.ts';
import { scaledClock, systemClock } from '../../../proxy/core/clock.ts';

let binary: DatabaseBinary;
/** One server for the tests that do it no harm. */
let shared: StartedDatabase;

beforeAll(async () => {
  binary = await findDatabase();
  shared = await startDatabase({ binary });
}, 120_000);

afterAll(() => shared?.stop());

/** A verifying client of `schema`; it has to be closed. */
function client(
  server: DatabaseFacts,
  schema: Schema,
  options: { ca?: string; host?: string } = {},
): Promise<Connection> {
  return createConnection({
    host: options.host ?? server.host,
    port: server.port,
    ...schema,
    ssl: { ca: options.ca ?? server.caPem, verifyIdentity: true },
  });
}

/** 'open' or the error code of a bare connection to the port. */
function knock(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve('open'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.once('close', () => socket.destroy());
  });
}

it.each(['127.0.0.1', 'localhost'])('lets a client that verifies the certificate in as %s', async (host) => {
  const schema = await shared.createSchema();
  const connection = await client(shared, schema, { host, ca: await readFile(shared.caFile, 'utf8') });

  const [rows] = await connection.query("SHOW STATUS LIKE 'Ssl_version'");

  expect(rows).toMatchObject([{ Value: expect.stringMatching(/^TLSv1\.[23]$/) }]);
  connection.destroy();
});

it('is refused by a client that trusts another authority', async () => {
  const stranger = await createAuthority({ name: 'Shaketable database', now: systemClock().now() });
  const schema = await shared.createSchema();

  await expect(client(shared, schema, { ca: stranger.certPem })).rejects.toThrow(/certificate/i);
});

it('gives each schema a user who may do everything in it and see nothing else', async () => {
  const [one, other] = [await shared.createSchema('under_score'), await shared.createSchema('underXscore')];
  const connection = await client(shared, one);
  await connection.query('CREATE TABLE things (id INT PRIMARY KEY)');
  await connection.query('INSERT INTO things VALUES (1)');

  await expect(connection.query(`CREATE TABLE ${other.database}.things (id INT)`)).rejects.toMatchObject({
    code: expect.stringMatching(/ER_(TABLE|DB)ACCESS_DENIED_ERROR/),
  });
  connection.destroy();
  await shared.dropSchema(one);
  await expect(client(shared, one)).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
});

it('refuses the name of a schema that would need quoting', async () => {
  await expect(shared.createSchema('a`b')).rejects.toMatchObject({ code: 'LAB_BAD_INPUT' });
});

it('lets nobody in as root without the password', async () => {
  const root = { user: 'root', password: '', database: 'mysql' };

  await expect(client(shared, root)).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
});

it('runs events', async () => {
  const [row] = await shared.query('SELECT @@event_scheduler AS state');

  expect(row).toEqual({ state: 'ON' });
});

it('kills the connections of a user or a database and says how many', async () => {
  const schema = await shared.createSchema();
  const other = await shared.createSchema();
  const connections = await Promise.all([
    client(shared, schema),
    client(shared, schema),
    client(shared, other),
  ]);
  for (const connection of connections) connection.on('error', () => undefined);

  expect(await shared.killConnections({ user: schema.user })).toBe(2);
  expect(await shared.killConnections({ database: other.database })).toBe(1);
  expect(await shared.killConnections({ user: schema.user })).toBeLessThanOrEqual(2);

  for (const connection of connections) await expect(connection.query('SELECT 1')).rejects.toThrow();
});

it('can be used from another process by its facts alone', async () => {
  const { host, port, flavour, version, rootUser, rootPassword, caFile, caPem } = shared;
  const facts = JSON.parse(
    JSON.stringify({ host, port, flavour, version, rootUser, rootPassword, caFile, caPem }),
  ) as DatabaseFacts;

  await using attached = await attachDatabase(facts);
  const schema = await attached.createSchema();
  const connection = await client(attached, schema);

  expect(await attached.killConnections({ user: schema.user })).toBe(1);
  await expect(attached.restart()).rejects.toMatchObject({ code: 'LAB_BAD_INPUT' });
  connection.destroy();
});

it('comes back from a restart on the same port with its data', async () => {
  await using database = await startDatabase({ binary });
  const schema = await database.createSchema();
  await database.query(`CREATE TABLE ${schema.database}.things (id INT PRIMARY KEY)`);
  const before = database.pid;

  await database.restart();
  await database.query(`INSERT INTO ${schema.database}.things VALUES (1)`);
  await database.restart({ graceful: false });

  expect(await database.query(`SELECT id FROM ${schema.database}.things`)).toEqual([{ id: 1 }]);
  expect(database.pid).not.toBe(before);
});

it('stays away for the time that it is told, on its clock', async () => {
  const clock = scaledClock(systemClock(), 20);
  await using database = await startDatabase({ binary, clock });
  const began = clock.now();

  const restarted = database.restart({ graceful: false, downMs: 4_000 });
  await expect.poll(() => knock(database.port)).toBe('ECONNREFUSED');
  await restarted;

  expect(clock.now() - began).toBeGreaterThanOrEqual(4_000);
  expect(await knock(database.port)).toBe('open');
});

it('answers nobody while it is frozen and everybody afterwards', async () => {
  await using database = await startDatabase({ binary });
  const schema = await database.createSchema();
  const connection = await client(database, schema);

  await database.freeze();
  let answered = false;
  const answer = connection.query('SELECT 1').then(() => {
    answered = true;
  });
  await systemClock().sleep(150);
  expect(answered).toBe(false);

  await database.thaw();
  await answer;
  connection.destroy();
});

it('stops even if it is frozen, as often as it is told to, and leaves nothing', async () => {
  const database = await startDatabase({ binary });
  const { pid, port, directory } = database;
  await database.freeze();

  await Promise.all([database.stop(), database.stop()]);
  await database.stop();

  expect(identifyProcess(pid)).toBeUndefined();
  expect(existsSync(directory)).toBe(false);
  expect(await knock(port)).toBe('ECONNREFUSED');
});

it('gives up a restart when it is stopped', async () => {
  const database = await startDatabase({ binary });

  const restarted = database.restart({ graceful: false, downMs: 3_600_000 });
  await expect.poll(() => knock(database.port)).toBe('ECONNREFUSED');
  const given = expect(restarted).rejects.toThrow('stopped');
  await database.stop();

  await given;
});

it('uses the directory that it is given', async () => {
  const place = await mkdtemp(join(tmpdir(), 'database-test-'));

  const database = await startDatabase({ binary, directory: join(place, 'here') });
  expect(existsSync(join(place, 'here', 'data'))).toBe(true);
  await database.stop();

  expect(existsSync(join(place, 'here'))).toBe(false);
  await rm(place, { recursive: true });
});

it('starts with the settings that it is given', async () => {
  await using database = await startDatabase({ binary, settings: { 'max-connections': '17' } });

  expect(await database.query('SELECT @@max_connections AS n')).toEqual([{ n: 17 }]);
});

it('refuses settings that are its own affair', async () => {
  await expect(startDatabase({ binary, settings: { port: '3306' } })).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
  });
  await expect(startDatabase({ binary, settings: { '--x': '1' } })).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
  });
});

it('says with the last lines of the log why it did not start, and leaves nothing', async () => {
  const place = join(tmpdir(), `database-test-${process.pid}`);

  const starting = startDatabase({ binary, directory: place, settings: { 'no-such-option': '1' } });

  await expect(starting).rejects.toMatchObject({
    code: 'LAB_DATABASE_START',
    message: expect.stringContaining('no-such-option'),
    hint: expect.stringContaining('SHAKETABLE_MYSQLD'),
  });
  expect(existsSync(place)).toBe(false);
});

it('gives up the start when its caller does', async () => {
  const place = join(tmpdir(), `database-test-${process.pid}`);
  const reason = new Error('the caller has left');

  await expect(startDatabase({ binary, directory: place, signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  );

  expect(existsSync(place)).toBe(false);
});

it('says that the disk is full', async (context) => {
  const place = await mkdtemp(join(tmpdir(), 'database-test-'));
  const full = join(place, 'full');
  await mkdir(full);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', full]);
  if (mounted.status !== 0) {
    await rm(place, { recursive: true });
    context.skip(`a file system of 1 MiB cannot be mounted: ${mounted.stderr ?? mounted.error}`);
  }
  try {
    await expect(startDatabase({ binary, directory: join(full, 'database') })).rejects.toMatchObject({
      code: 'LAB_DISK_FULL',
      hint: expect.stringContaining('TMPDIR'),
    });
    expect(existsSync(join(full, 'database'))).toBe(false);
  } finally {
    spawnSync('umount', [full]);
    await rm(place, { recursive: true });
  }
});
