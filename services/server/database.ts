/**
 * The server's only way to the database: a mysql2 pool whose every operation has a deadline on the server's clock,
 * and whose connections are given back on every path. A connection that can no longer be trusted (lost, killed,
 * timed out, or to a server that has become read-only) is dropped instead of reused.
 */
import { connect, type Socket } from 'node:net';
import {
  createPool,
  type Pool,
  type PoolConnection,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2/promise';
import type { Clock } from '../clock.ts';
import { withDeadline } from '../deadline.ts';
import type { DatabaseConfig } from './config.ts';

export type Value = string | number | boolean | Date | null;

/** Statements with `?` placeholders. */
export interface Queries {
  rows<Row>(sql: string, values?: readonly Value[]): Promise<Row[]>;
  /** The number of rows that the statement matched. */
  change(sql: string, values?: readonly Value[]): Promise<number>;
}

export interface Database {
  /** Runs `work` on one connection. `operation` names it in errors and logs; `timeoutMs` replaces the usual bound. */
  run<T>(operation: string, work: (queries: Queries) => Promise<T>, timeoutMs?: number): Promise<T>;
  /** As `run`, in one transaction: all of it happens, or nothing. */
  transaction<T>(operation: string, work: (queries: Queries) => Promise<T>): Promise<T>;
  /** Round trip time in milliseconds. */
  ping(timeoutMs: number): Promise<number>;
  /** Operations in progress, and the age of the oldest in milliseconds. */
  load(): { active: number; oldestMs: number };
  /** Ends operations in progress with an error and closes all connections, within a bound. May be called twice. */
  close(): Promise<void>;
}

/** A database operation failed. `code` and `errno` are the driver's, or ours: `OPERATION_TIMEOUT`, `CLOSED`. */
export class DatabaseError extends Error {
  readonly code: string;
  readonly errno: number | undefined;
  readonly operation: string;

  constructor(
    operation: string,
    code: string,
    message: string,
    details: { errno?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'DatabaseError';
    this.operation = operation;
    this.code = code;
    this.errno = details.errno;
  }

  /** Translates the driver's error into the server's. */
  static from(operation: string, error: unknown): DatabaseError {
    if (error instanceof DatabaseError) return error;
    const { code, errno, message } = error as { code?: string; errno?: number; message?: string };
    return new DatabaseError(operation, code ?? 'UNKNOWN', message || (code ?? String(error)), {
      ...(errno === undefined ? {} : { errno }),
      cause: error,
    });
  }
}

/** `ER_DUP_ENTRY`: a unique key has this value already. */
export const duplicateEntry = 1062;

/** Opens a pool; connections are made when they are needed, so this never fails. */
export function openDatabase(config: DatabaseConfig, clock: Clock): Database {
  const sockets = new Set<Socket>();
  const pool = createPool({ ...connectionOptions(config), stream: () => trackSocket(config, sockets) });
  const running = new Set<Operation>();
  let closing: Promise<void> | undefined;

  async function bounded<T>(
    name: string,
    timeoutMs: number,
    work: (connection: PoolConnection) => Promise<T>,
  ): Promise<T> {
    const lease = leaseConnection(pool);
    const ended = Promise.withResolvers<never>();
    const giveUp = (code: string, reason: string): DatabaseError => {
      lease.abandon();
      const error = new DatabaseError(name, code, `${name}: ${reason}`);
      ended.reject(error);
      return error;
    };
    const operation: Operation = { since: clock.now(), giveUp };
    running.add(operation);
    try {
      return await withDeadline(clock, timeoutMs, Promise.race([lease.use(work), ended.promise]), () =>
        giveUp('OPERATION_TIMEOUT', `no answer within ${timeoutMs} ms`),
      );
    } catch (error) {
      throw DatabaseError.from(name, error);
    } finally {
      running.delete(operation);
    }
  }

  async function close(): Promise<void> {
    for (const operation of running) operation.giveUp('CLOSED', 'the server is stopping');
    // A database that hangs takes no good-bye, so that waiting for it is bounded.
    const timedOut = () => new Error('the database did not take leave');
    await withDeadline(clock, closeTimeoutMs, pool.end(), timedOut).catch(() => {});
    for (const socket of sockets) socket.destroySoon();
  }

  return {
    run: (operation, work, timeoutMs = config.operationTimeoutMs) =>
      bounded(operation, timeoutMs, (connection) => work(queriesOn(connection))),

    transaction: (operation, work) =>
      bounded(operation, config.operationTimeoutMs, (connection) => inTransaction(connection, work)),

    async ping(timeoutMs) {
      const start = clock.now();
      await bounded('ping', timeoutMs, (connection) => connection.ping());
      return clock.now() - start;
    },

    load() {
      const now = clock.now();
      const oldest = running.values().next().value;
      return { active: running.size, oldestMs: oldest === undefined ? 0 : now - oldest.since };
    },

    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** An operation in progress. */
interface Operation {
  readonly since: number;
  /** Ends it with an error at once. */
  giveUp(code: string, reason: string): DatabaseError;
}

const closeTimeoutMs = 1000;

/** The pool's sockets are our own, so that none outlives the pool. */
function trackSocket({ host, port }: DatabaseConfig, sockets: Set<Socket>): Socket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  tellLastFirst(socket);
  return socket;
}

/**
 * Tells those who listen for the end of a socket in the opposite order. TLS, which is put on top of it later, has to know
 * before mysql2 does.
 *
 * @note mysql2 3.24 answers the end of the socket under TLS with a good-bye over TLS. If that has not heard of the end
 * yet, it fails with EINVAL, after the only listener for errors of the connection has been used up: an uncaught exception.
 */
function tellLastFirst(socket: Socket): void {
  const listeners: (() => void)[] = [];
  socket.on('newListener', (event, listener: () => void) => {
    if (event !== 'close' || listeners.includes(listener)) return;
    listeners.push(listener);
    queueMicrotask(() => {
      if (socket.listeners('close').includes(listener))
        socket.off('close', listener).prependListener('close', listener);
    });
  });
}

/** The options for a mysql2 pool or connection. Times are UTC on both sides. */
export function connectionOptions(config: DatabaseConfig) {
  return {
    host: config.host,
    port: config.port,
    user: config.user,
    password: config.password,
    database: config.name,
    connectionLimit: config.poolSize,
    timezone: 'Z',
    charset: 'utf8mb4',
    ...(config.ca === undefined ? {} : { ssl: { ca: config.ca, rejectUnauthorized: true } }),
  };
}

/** One use of a pooled connection: taken, used, and given back or dropped. */
function leaseConnection(pool: Pool) {
  let connection: PoolConnection | undefined;
  let abandoned = false;

  return {
    async use<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> {
      connection = await pool.getConnection();
      try {
        if (abandoned) throw new Error('abandoned while waiting for a connection');
        const result = await work(connection);
        connection.release();
        return result;
      } catch (error) {
        if (abandoned || isUsableAfter(error)) connection.release();
        else connection.destroy();
        throw error;
      }
    },

    /** Gives up: a statement in progress ends with its connection. */
    abandon(): void {
      abandoned = true;
      connection?.destroy();
    },
  };
}

/**
 * Errors of the server that say that this connection is finished although it still answers:
 * shutdown in progress, read-only (`--read-only`, `super_read_only`), killed, closed for inactivity.
 */
const finishedConnection: ReadonlySet<number> = new Set([1053, 1290, 1792, 1836, 1927, 4031]);

/**
 * Whether the connection is sound after `error`: only after an error that the server reported about a statement.
 */
function isUsableAfter(error: unknown): boolean {
  const { errno, fatal } = error as { errno?: number; fatal?: boolean };
  return fatal !== true && errno !== undefined && errno >= 1000 && !finishedConnection.has(errno);
}

function queriesOn(connection: PoolConnection): Queries {
  return {
    async rows<Row>(sql: string, values: readonly Value[] = []) {
      const [rows] = await connection.query<RowDataPacket[]>(sql, [...values]);
      return rows as Row[];
    },
    async change(sql, values = []) {
      const [result] = await connection.query<ResultSetHeader>(sql, [...values]);
      return result.affectedRows;
    },
  };
}

async function inTransaction<T>(
  connection: PoolConnection,
  work: (queries: Queries) => Promise<T>,
): Promise<T> {
  await connection.beginTransaction();
  try {
    const result = await work(queriesOn(connection));
    await connection.commit();
    return result;
  } catch (error) {
    if (isUsableAfter(error)) await connection.rollback();
    throw error;
  }
}

/** A view of `database` that adds up the time spent in it, in milliseconds. */
export function meteredDatabase(database: Database, clock: Clock): Database & { elapsedMs(): number } {
  let elapsedMs = 0;
  async function metered<T>(work: Promise<T>): Promise<T> {
    const start = clock.now();
    try {
      return await work;
    } finally {
      elapsedMs += clock.now() - start;
    }
  }
  return {
    ...database,
    run: (operation, work, timeoutMs) => metered(database.run(operation, work, timeoutMs)),
    transaction: (operation, work) => metered(database.transaction(operation, work)),
    elapsedMs: () => elapsedMs,
  };
}
