/**
 * One connection to the database, with everything bounded by the injected clock. mysql2's own time-outs go by the wall
 * clock and are switched off. A statement that takes too long is killed on the server as well: otherwise it would go on
 * there, with its locks, and the next statement would wait behind it (sidorares/node-mysql2#1104).
 */
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Connection, createConnection } from 'mysql2';
import type { Clock } from '../../clock.ts';
import { withDeadline } from '../../deadline.ts';
import type { Dial } from '../shared/dial.ts';
import { DeadlineError } from '../shared/errors.ts';
import { classifyDatabase } from './errors.ts';
import type { SyncPolicy } from './policy.ts';
import type { DatabaseAddress } from './sync.ts';

export interface SessionOptions {
  readonly database: DatabaseAddress;
  readonly clock: Clock;
  readonly dial: Dial;
  readonly policy: SyncPolicy;
  /** The server's own, where its name has several; the name unless given. */
  readonly address?: string | undefined;
  /** Called once, when an open session can no longer be used. */
  readonly onBroken: (session: Session) => void;
}

/** Opens a connection and logs in, within the policy's time. Rejects with mysql2's error, `DeadlineError` or the network's. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { clock, policy, database } = options;
  const raw = options.dial({ ...database, host: options.address ?? database.host });
  const connection = createConnection(connectionOptions(database, raw));
  const session = new Session(connection, raw, options);
  const loggedIn = new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  try {
    const timeoutMs = policy.connectTimeoutMs;
    await withDeadline(clock, timeoutMs, loggedIn, () => new DeadlineError('connect', timeoutMs));
    return session;
  } catch (error) {
    session.destroy();
    throw error;
  }
}

/** The connection was closed under a statement, by this side. */
class SessionDestroyed extends Error {
  override readonly name = 'SessionDestroyed';
  readonly code = 'ECONNABORTED';

  constructor() {
    super('The database connection was closed by the agent');
  }
}

export class Session {
  readonly #connection: Connection;
  readonly #raw: Duplex;
  readonly #options: SessionOptions;
  readonly #destroyed = Promise.withResolvers<never>();
  /** Of the server; a socket that was destroyed no longer knows. */
  #address: string | undefined;
  #usable = true;
  #usedMs: number;

  constructor(connection: Connection, raw: Duplex, options: SessionOptions) {
    this.#connection = connection;
    this.#raw = raw;
    this.#options = options;
    this.#usedMs = options.clock.now();
    this.#destroyed.promise.catch(() => undefined);
    raw.once('connect', () => {
      this.#address = (raw as Partial<Socket>).remoteAddress;
    });
    connection.on('error', () => this.#break());
    connection.on('end', () => this.#break());
  }

  /** False once the connection is lost, or has seen an error after which it must not be used again. */
  get usable(): boolean {
    return this.#usable;
  }

  /** How long it has not been used. */
  get idleMs(): number {
    return this.#options.clock.now() - this.#usedMs;
  }

  /** Runs one statement within the policy's time; what it throws decides whether the session stays usable. */
  async query(sql: string, values: readonly unknown[] = []): Promise<void> {
    try {
      await this.#run(sql, values, this.#options.policy.queryTimeoutMs);
    } catch (error) {
      // If the network is broken, the server cannot be reached for this either.
      if (error instanceof DeadlineError) await this.#kill().catch(() => undefined);
      throw error;
    }
  }

  /** Undoes the transaction. A session that cannot do so is no longer usable, and the server undoes it then. */
  async rollback(): Promise<void> {
    if (!this.#usable) return;
    await this.query('ROLLBACK').catch(() => this.destroy());
  }

  /** Whether the server answers on this connection. */
  async isAlive(): Promise<boolean> {
    const ping = new Promise<void>((resolve, reject) => {
      this.#connection.ping((error) => (error ? reject(error) : resolve()));
    });
    await this.#bounded(ping, this.#options.policy.pingTimeoutMs).catch(() => this.destroy());
    return this.#usable;
  }

  /** Says goodbye, within the time for a ping, and closes. */
  async end(): Promise<void> {
    const { clock, policy } = this.#options;
    const goodbye = new Promise<void>((resolve) => this.#connection.end(() => resolve()));
    const timeoutMs = policy.pingTimeoutMs;
    await withDeadline(clock, timeoutMs, goodbye, () => new DeadlineError('wait', timeoutMs)).catch(
      () => undefined,
    );
    this.destroy();
  }

  /** Closes at once. mysql2's own `destroy` only half-closes, which leaves the socket behind when the peer is gone. */
  destroy(): void {
    this.#break();
    this.#connection.destroy();
    this.#raw.destroy();
    this.#destroyed.reject(new SessionDestroyed());
  }

  #run(sql: string, values: readonly unknown[], timeoutMs: number): Promise<void> {
    const run = new Promise<void>((resolve, reject) => {
      this.#connection.query(sql, [...values], (error) => (error ? reject(error) : resolve()));
    });
    return this.#bounded(run, timeoutMs);
  }

  /** Settles in time, whatever becomes of the connection; mysql2 never calls back after `destroy`. */
  async #bounded<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
    const { clock } = this.#options;
    const either = Promise.race([work, this.#destroyed.promise]);
    try {
      return await withDeadline(clock, timeoutMs, either, () => new DeadlineError('wait', timeoutMs));
    } catch (error) {
      if (classifyDatabase(error, false).discard) this.destroy();
      throw error;
    } finally {
      this.#usedMs = clock.now();
    }
  }

  /**
   * Kills this connection on the server, with the statement that it still runs. On that server: another one of the same
   * name would kill somebody else's connection, or none, and one that is away would be dialled first.
   */
  async #kill(): Promise<void> {
    const { policy } = this.#options;
    const address = this.#address;
    const quick = { ...policy, connectTimeoutMs: policy.pingTimeoutMs, queryTimeoutMs: policy.pingTimeoutMs };
    const killer = await openSession({ ...this.#options, address, policy: quick, onBroken: () => undefined });
    try {
      await killer.#run('KILL CONNECTION ?', [this.#connection.threadId], quick.queryTimeoutMs);
    } finally {
      killer.destroy();
    }
  }

  #break(): void {
    if (!this.#usable) return;
    this.#usable = false;
    this.#options.onBroken(this);
  }
}

function connectionOptions(database: DatabaseAddress, raw: Duplex) {
  const { ca, ...address } = database;
  return {
    ...address,
    stream: raw,
    connectTimeout: 0,
    timezone: 'Z',
    // mysql2 3.24 holds an address against the name `localhost`, so only names can be verified.
    ...(ca !== undefined && {
      ssl: { ca, rejectUnauthorized: true, verifyIdentity: isIP(database.host) === 0 },
    }),
  };
}
