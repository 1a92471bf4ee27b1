/** What clients make of the faults that read MySQL's protocol: mysql2, the mariadb program, PyMySQL, on a real server. */
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  createPool,
  type RowDataPacket,
} from 'mysql2/promise';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import {
  findDatabase,
  type Schema,
  type StartedDatabase,
  startDatabase,
} from '../../../harness/databases/index.ts';
import { hasPythonPackage, isThere, runProgram } from './programs.ts';
import { Rig } from './rig.ts';

let database: StartedDatabase;
let schema: Schema;

beforeAll(async () => {
  database = await startDatabase({ binary: await findDatabase(), settings: { 'local-infile': '1' } });
  schema = await database.createSchema();
  await database.query(`CREATE TABLE ${schema.database}.numbers (n INT PRIMARY KEY, word VARCHAR(20))`);
  await database.query(
    `INSERT INTO ${schema.database}.numbers VALUES ${Array.from({ length: 50 }, (_, n) => `(${n}, 'word ${n}')`)}`,
  );
}, 120_000);

afterAll(() => database?.stop());

interface Laid {
  readonly rig: Rig;
  readonly options: ConnectionOptions;
  connect(options?: ConnectionOptions): Promise<Connection>;
}

/** A proxy before the server with these toxics. */
async function lay(...toxics: readonly object[]): Promise<Laid> {
  const rig = await Rig.start();
  onTestFinished(() => rig[Symbol.asyncDispose]());
  const options = { host: '127.0.0.1', port: await rig.proxy(database.port, toxics), ...schema };
  return {
    rig,
    options,
    async connect(more = {}) {
      const connection = await createConnection({ ...options, ...more });
      connection.on('error', () => {});
      onTestFinished(() => connection.destroy());
      return connection;
    },
  };
}

/** What a promise fails with, as mysql2 tells it. */
async function failureOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => new Error('Expected a failure'),
    (failure: NodeJS.ErrnoException & { sqlState?: string; fatal?: boolean }) => failure,
  );
  const {
    code,
    errno,
    sqlState,
    fatal = false,
  } = error as NodeJS.ErrnoException & { sqlState?: string; fatal?: boolean };
  return { code, errno, sqlState, fatal, message: error.message };
}

const countOf = async (connection: Connection, where = '1'): Promise<number> => {
  const [rows] = await connection.query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM numbers WHERE ${where}`);
  return Number(rows[0]?.n);
};

it('mysql_refuse at the greeting is ER_CON_COUNT_ERROR for the first connections', async () => {
  const { connect, rig } = await lay({ type: 'mysql_refuse', attributes: { first: 2 } });

  for (let attempt = 0; attempt < 2; attempt += 1) {
    expect(await failureOf(connect())).toMatchObject({
      code: 'ER_CON_COUNT_ERROR',
      errno: 1040,
      message: 'Too many connections',
    });
  }
  expect(await countOf(await connect())).toBe(50);
  expect(rig.eventsOf('strike')).toHaveLength(2);
});

it('mysql_refuse at the login is ER_ACCESS_DENIED_ERROR', async () => {
  const { connect } = await lay({ type: 'mysql_refuse', attributes: { at: 'login', code: 1045 } });

  expect(await failureOf(connect())).toMatchObject({
    code: 'ER_ACCESS_DENIED_ERROR',
    errno: 1045,
    sqlState: '28000',
    message: 'Access denied',
  });
});

it.each(['greeting', 'login'])('mysql_stall at the %s runs into connectTimeout', async (at) => {
  const { connect } = await lay({ type: 'mysql_stall', attributes: { at } });

  expect(await failureOf(connect({ connectTimeout: 300 }))).toMatchObject({
    code: 'ETIMEDOUT',
    message: 'connect ETIMEDOUT',
  });
});

it('mysql_stall lets go after its delay', async () => {
  const { connect } = await lay({ type: 'mysql_stall', attributes: { delay: 300 } });
  const at = performance.now();
  await connect();

  expect(performance.now() - at).toBeGreaterThan(295);
});

it('mysql_error answers the nth query with its error, and the connection lives on', async () => {
  const attributes = { code: 1213, statement: 'UPDATE *', nth: 2 };
  const { connect } = await lay({ type: 'mysql_error', attributes });
  const connection = await connect();
  await connection.query("UPDATE numbers SET word = 'first' WHERE n = 0");

  expect(await failureOf(connection.query("UPDATE numbers SET word = 'second' WHERE n = 0"))).toEqual({
    code: 'ER_LOCK_DEADLOCK',
    errno: 1213,
    sqlState: '40001',
    fatal: false,
    message: 'Deadlock found when trying to get lock; try restarting transaction',
  });
  expect(await countOf(connection, "word = 'first'")).toBe(1);
  await connection.query("UPDATE numbers SET word = 'third' WHERE n = 0");
  expect(await countOf(connection, "word = 'third'")).toBe(1);
});

it.each([
  [1205, 'ER_LOCK_WAIT_TIMEOUT', 'HY000'],
  [1290, 'ER_OPTION_PREVENTS_STATEMENT', 'HY000'],
  [1040, 'ER_CON_COUNT_ERROR', '08004'],
])('mysql_error %d is %s for a prepared statement', async (code, name, sqlState) => {
  const { connect } = await lay({
    type: 'mysql_error',
    attributes: { code, statement: 'select word *', first: 1 },
  });
  const connection = await connect();
  const select = 'SELECT word FROM numbers WHERE n = ?';

  expect(await failureOf(connection.execute(select, [7]))).toMatchObject({
    code: name,
    errno: code,
    sqlState,
  });
  const [rows] = await connection.execute(select, [7]);
  expect(rows).toEqual([{ word: 'word 7' }]);
});

it('mysql_error that is applied changes the row and tells an error', async () => {
  const attributes = { code: 1205, statement: 'DELETE *', applied: true };
  const { connect, rig } = await lay({ type: 'mysql_error', attributes });
  const connection = await connect();
  await connection.query('INSERT INTO numbers VALUES (100, NULL)');

  expect(await failureOf(connection.query('DELETE FROM numbers WHERE n = 100'))).toMatchObject({
    errno: 1205,
  });
  expect(await countOf(connection, 'n = 100')).toBe(0);
  expect(rig.eventsOf('strike')).toMatchObject([{ reason: 'error 1205, applied', stream: 'downstream' }]);
});

it.each([
  [false, 1],
  [true, 0],
])('mysql_error 2013, applied: %s, is PROTOCOL_CONNECTION_LOST', async (applied, left) => {
  const attributes = { code: 2013, statement: 'DELETE *', applied };
  const { connect } = await lay({ type: 'mysql_error', attributes });
  await (await connect()).query('REPLACE INTO numbers VALUES (101, NULL)');

  expect(await failureOf((await connect()).query('DELETE FROM numbers WHERE n = 101'))).toMatchObject({
    code: 'PROTOCOL_CONNECTION_LOST',
    message: 'Connection lost: The server closed the connection.',
    fatal: true,
  });
  expect(await countOf(await connect(), 'n = 101')).toBe(left);
});

it('mysql_error acts on connections of a pool that were open before it', async () => {
  const { rig, options } = await lay();
  const pool = createPool({ ...options, connectionLimit: 2 });
  onTestFinished(() => pool.end());
  await Promise.all([pool.query('SELECT 1'), pool.execute('SELECT ?', [2])]);
  await rig.addToxic({ type: 'mysql_error', attributes: { code: 1290, nth: 3 } });

  await pool.execute('SELECT ?', [3]);
  await pool.query('SELECT 4');
  expect(await failureOf(pool.query('SELECT 5'))).toMatchObject({ errno: 1290 });
  await pool.query('SELECT 6');
});

it('leaves everything else a client does as it is', async () => {
  const harmless = [
    { type: 'mysql_error', attributes: { statement: 'never' } },
    { type: 'mysql_cut', attributes: { statement: 'never' } },
    { type: 'mysql_slow_rows', attributes: {} },
    { type: 'mysql_kill_idle', attributes: { after: 60_000 } },
  ];
  const { connect } = await lay(...harmless);
  const connection = await connect({ multipleStatements: true });

  const [several] = await connection.query('SELECT 1 AS a; DO 0; SELECT 2 AS b');
  expect(several).toMatchObject([[{ a: 1 }], { warningStatus: 0 }, [{ b: 2 }]]);
  const statement = await connection.prepare('SELECT word FROM numbers WHERE n = ?');
  expect((await statement.execute([3]))[0]).toEqual([{ word: 'word 3' }]);
  await statement.close();
  await connection.changeUser({ ...schema });
  await connection.ping();
  expect(await failureOf(connection.query('SELECT nonsense'))).toMatchObject({ code: 'ER_BAD_FIELD_ERROR' });
  await connection.query(`SELECT '${'x'.repeat(300_000)}'`);
  expect(await countOf(connection)).toBeGreaterThan(40);
  await connection.end();
});

it.each([
  ['reset', 'ECONNRESET'],
  ['close', 'PROTOCOL_CONNECTION_LOST'],
])('mysql_cut by %s in the middle of a result set is %s', async (action, code) => {
  const attributes = { rows: 5, action, statement: 'SELECT *' };
  const { connect, rig } = await lay(
    { type: 'mysql_slow_rows', attributes: { delay: 10 } },
    { type: 'mysql_cut', attributes },
  );
  const connection = await connect();
  const failure = await failureOf(connection.query('SELECT n FROM numbers ORDER BY n'));

  expect(failure).toMatchObject({ code, fatal: true });
  expect(rig.eventsOf('strike').at(-1)).toMatchObject({ reason: `${action} after 5 rows` });
});

it('mysql_cut by stall leaves the client waiting until it is lifted', async () => {
  const { connect, rig } = await lay({ type: 'mysql_cut', attributes: { rows: 3, action: 'stall' } });
  const connection = await connect();
  const failure = await failureOf(connection.query({ sql: 'SELECT n FROM numbers', timeout: 200 }));
  expect(failure).toMatchObject({ code: 'PROTOCOL_SEQUENCE_TIMEOUT' });

  const waiting = (await connect()).query<RowDataPacket[]>('SELECT n FROM numbers LIMIT 10');
  await expect.poll(() => rig.eventsOf('strike').length).toBe(2);
  await rig.api('DELETE', '/proxies/p/toxics/mysql_cut_downstream');
  expect((await waiting)[0]).toHaveLength(10);
});

it('mysql_slow_rows takes its time for each row', async () => {
  const { connect } = await lay({ type: 'mysql_slow_rows', attributes: { delay: 30 } });
  const connection = await connect();
  const at = performance.now();
  const [rows] = await connection.query<RowDataPacket[]>('SELECT n FROM numbers LIMIT 10');

  expect(rows).toHaveLength(10);
  expect(performance.now() - at).toBeGreaterThan(295);
});

it('mysql_kill_idle by FIN is PROTOCOL_CONNECTION_LOST, at once for who listens', async () => {
  const { connect } = await lay({ type: 'mysql_kill_idle', attributes: { after: 150 } });
  const connection = await connect();
  await connection.query('SELECT SLEEP(0.4)');
  const lost = Promise.withResolvers<NodeJS.ErrnoException>();
  connection.once('error', lost.resolve);

  expect((await lost.promise).code).toBe('PROTOCOL_CONNECTION_LOST');
  expect((await failureOf(connection.query('SELECT 1'))).message).toContain('closed state');
});

it('mysql_kill_idle with 4031 tells the reason', async () => {
  const { connect } = await lay({ type: 'mysql_kill_idle', attributes: { after: 100, code: 4031 } });
  const connection = await connect();
  const lost = Promise.withResolvers<NodeJS.ErrnoException>();
  connection.once('error', lost.resolve);

  expect((await lost.promise).message).toMatch(
    /^The client was disconnected by the server because of inactivity/,
  );
});

it('mysql_no_tls makes a client that insists on TLS give up', async () => {
  const { connect } = await lay({ type: 'mysql_no_tls' });

  const failure = await failureOf(connect({ ssl: { ca: database.caPem } }));
  expect(failure).toMatchObject({ code: 'HANDSHAKE_NO_SSL_SUPPORT' });
});

it('toxics that read act on nothing when the client uses TLS', async () => {
  const { connect, rig } = await lay({ type: 'mysql_error' });
  const connection = await connect({ ssl: { ca: database.caPem, verifyIdentity: false } });

  expect(await countOf(connection)).toBeGreaterThan(40);
  expect(rig.eventsOf('strike')).toEqual([]);
});

/** Runs a statement with MariaDB's command-line client, which set-up installs with the server. */
async function commandLine({ options }: Laid, statement: string, ...flags: string[]) {
  const { database: name, user, password } = schema;
  const login = ['-h', '127.0.0.1', '-P', String(options.port), '-u', user, `-p${password}`];
  return runProgram('mariadb', ['--no-defaults', ...login, ...flags, '-N', name, '-e', statement]);
}

const commandLineClient = isThere('mariadb');
const cases: readonly (readonly [string, object, string])[] = [
  ['mysql_refuse', {}, 'ERROR 1040 (HY000): Too many connections'],
  ['mysql_refuse', { at: 'login', code: 1045 }, 'ERROR 1045 (28000): Access denied'],
  [
    'mysql_error',
    { code: 1205 },
    'ERROR 1205 (HY000) at line 1: Lock wait timeout exceeded; try restarting transaction',
  ],
  [
    'mysql_error',
    { code: 1290 },
    'ERROR 1290 (HY000) at line 1: The MySQL server is running with the --read-only option',
  ],
  ['mysql_error', { code: 2013 }, 'ERROR 2013 (HY000) at line 1: Lost connection to server during query'],
  [
    'mysql_cut',
    { rows: 2, action: 'close' },
    'ERROR 2013 (HY000) at line 1: Lost connection to server during query',
  ],
];

it.skipIf(!commandLineClient).each(cases)(
  '%s %j shows in the mariadb program',
  async (type, attributes, shown) => {
    const laid = await lay({ type, attributes });
    const { code, stderr } = await commandLine(laid, 'SELECT n FROM numbers', '--skip-ssl');

    expect(stderr).toContain(shown);
    expect(code).toBe(1);
  },
);

it.skipIf(!commandLineClient)(
  'mysql_no_tls makes the mariadb program, which prefers TLS, talk plain',
  async () => {
    const laid = await lay(
      { type: 'mysql_no_tls' },
      { type: 'mysql_error', attributes: { statement: 'DO *' } },
    );
    const { stdout } = await commandLine(laid, "SHOW STATUS LIKE 'Ssl_cipher'", '--ssl');
    const { stderr } = await commandLine(laid, 'DO 1', '--ssl');

    expect(stdout).toBe('Ssl_cipher\t\n');
    expect(stderr).toContain('ERROR 1213 (40001)');
  },
);

const python = hasPythonPackage('pymysql');
const script = `
import sys, pymysql
try:
    connection = pymysql.connect(host="127.0.0.1", port=int(sys.argv[1]), user=sys.argv[2], password=sys.argv[3], database=sys.argv[4])
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM numbers")
        print("rows", len(cursor.fetchall()))
except Exception as error:
    print(type(error).__name__, error)
`;

it.skipIf(!python).each([
  ['mysql_refuse', {}, "OperationalError (1040, 'Too many connections')"],
  ['mysql_refuse', { at: 'login', code: 1045 }, "OperationalError (1045, 'Access denied')"],
  ['mysql_error', { statement: 'select *' }, "OperationalError (1213, 'Deadlock found"],
  [
    'mysql_error',
    { code: 2013, statement: 'select *' },
    "OperationalError (2013, 'Lost connection to MySQL server during query",
  ],
  [
    'mysql_cut',
    { rows: 2, action: 'close' },
    "OperationalError (2013, 'Lost connection to MySQL server during query",
  ],
])('%s %j shows in PyMySQL, which prefers TLS', async (type, attributes, shown) => {
  const { options } = await lay({ type: 'mysql_no_tls' }, { type, attributes });
  const args = [String(options.port), schema.user, schema.password, schema.database];
  const { stdout } = await runProgram('python3', ['-c', script, ...args]);

  expect(stdout).toContain(shown);
});
