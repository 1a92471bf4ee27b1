/** A database for the tests of one file, with workers that use it at the pace of a fast run. */
import { connect, type Socket } from 'node:net';
import { type Connection, createConnection } from 'mysql2/promise';
import { findDatabase, type StartedDatabase, startDatabase } from '../../../../harness/databases/index.ts';
import type { Dial } from '../../../../services/agent/shared/dial.ts';
import {
  createHardenedSync,
  createNaiveSync,
  type SyncBatch,
  type SyncOptions,
  type SyncWorker,
} from '../../../../services/agent/sync/index.ts';
import { seededRandom } from '../../../../services/random.ts';
import { collectLog, fastClock, type LogRecord } from '../websocket/peer.ts';

export { fastClock };

/** A schema of its own for one test. */
export interface TestDatabase extends AsyncDisposable {
  readonly server: StartedDatabase;
  readonly user: string;
  readonly address: SyncOptions['database'];
  /** Rows of a query as root, in this schema. */
  query(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** A connection as root, in this schema. */
  connect(): Promise<Connection & AsyncDisposable>;
  /** How often the run took effect. */
  applied(runId: string): Promise<number>;
}

export async function startServer(): Promise<StartedDatabase> {
  return startDatabase({ binary: await findDatabase() });
}

export async function makeSchema(server: StartedDatabase): Promise<TestDatabase> {
  const schema = await server.createSchema();
  const { database, user } = schema;
  const open = async (): Promise<Connection> => {
    const { host, port, rootUser, rootPassword, caPem } = server;
    return createConnection({
      host,
      port,
      user: rootUser,
      password: rootPassword,
      database,
      ssl: { ca: caPem },
    });
  };
  const query = (sql: string, values: readonly unknown[] = []) =>
    server.query(sql.replaceAll('@', `${database}.`), values);
  return {
    server,
    user,
    address: { host: server.host, port: server.port, ...schema, ca: server.caPem },
    query,
    async connect() {
      const connection = await open();
      return Object.assign(connection, { [Symbol.asyncDispose]: async () => connection.destroy() });
    },
    async applied(runId) {
      const [row] = await query('SELECT applied FROM @sync_runs WHERE run_id = ?', [runId]);
      return Number(row?.applied ?? 0);
    },
    async [Symbol.asyncDispose]() {
      await server.query('SET GLOBAL read_only = 0');
      await server.dropSchema(schema);
    },
  };
}

export interface TestWorker extends AsyncDisposable {
  readonly worker: SyncWorker;
  readonly lines: string[];
  records(event?: string): LogRecord[];
}

type More = Partial<SyncOptions>;

/** Bounds that no busy machine meets at the pace of a fast run. A test of a bound gives its own. */
export const patience = Object.freeze({
  connectTimeoutMs: 600_000,
  acquireTimeoutMs: 600_000,
  pingTimeoutMs: 600_000,
  queryTimeoutMs: 600_000,
});

export async function startHardened(database: TestDatabase, more: More = {}): Promise<TestWorker> {
  return start(createHardenedSync, database, more);
}

export async function startNaive(database: TestDatabase, more: More = {}): Promise<TestWorker> {
  return start(createNaiveSync, database, more);
}

async function start(
  create: (options: SyncOptions) => SyncWorker,
  { address }: TestDatabase,
  more: More,
): Promise<TestWorker> {
  const { lines, log, records } = collectLog();
  const policy = { ...patience, ...more.policy };
  const random = seededRandom(3);
  const worker = create({ database: address, clock: fastClock(), random, log, ...more, policy });
  await worker.start();
  return { worker, lines, records, [Symbol.asyncDispose]: () => worker.stop().catch(() => undefined) };
}

export function batch(runId: string, ids: readonly string[] = ['b', 'a']): SyncBatch {
  return { runId, items: ids.map((id, version) => ({ id, value: `${runId} ${id}`, version })) };
}

/** Dials TCP, and cuts the connection once bytes with `text` in them are on their way to the server. */
export function cutAfter(text: string, times = Number.POSITIVE_INFINITY): Dial {
  let left = times;
  return ({ host, port }) => {
    const socket: Socket = connect({ host, port, noDelay: true });
    const write = socket.write.bind(socket);
    socket.write = ((chunk: Buffer, callback?: () => void) => {
      if (!chunk.includes(text) || left === 0) return write(chunk, callback);
      left -= 1;
      return write(chunk, () => socket.resetAndDestroy());
    }) as typeof socket.write;
    return socket;
  };
}
