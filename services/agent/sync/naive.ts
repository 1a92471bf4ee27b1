/**
 * The sync worker as the report found it (R3.9): one connection for ever, no bound on any statement, every error
 * retried at once and logged as it came, with the statement and the configuration, and no transaction ever rolled
 * back. Kept as it is: it is the subject that has to fail.
 */
import { inspect } from 'node:util';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise';
import { dialTcp } from '../shared/dial.ts';
import { classify } from '../shared/errors.ts';
import type { SyncBatch, SyncOptions, SyncOutcome, SyncStats, SyncWorker } from './sync.ts';
import { countRun, createTables, toRows, upsertItems } from './tables.ts';

const attempts = 4;

/** A worker with the reported bugs; the shape is that of the hardened one. */
export function createNaiveSync(options: SyncOptions): SyncWorker {
  return new NaiveSync(options);
}

class NaiveSync implements SyncWorker {
  readonly #options: SyncOptions;
  readonly #config: ConnectionOptions;
  readonly #counts = { applied: 0, failed: 0, unknown: 0 };
  #connection: Connection | undefined;

  constructor(options: SyncOptions) {
    const { ca, ...address } = options.database;
    this.#options = options;
    this.#config = {
      ...address,
      stream: () => (options.dial ?? dialTcp)(options.database),
      timezone: 'Z',
      ...(ca !== undefined && { ssl: { rejectUnauthorized: false } }),
    };
  }

  async start(): Promise<void> {
    this.#connection = await createConnection(this.#config).catch((error) => {
      this.#logError('Cannot connect to database', error);
      throw error;
    });
    this.#connection.on('error', (error) => this.#logError('Database connection error', error));
    try {
      for (const sql of createTables) await this.#connection.query(sql);
    } catch (error) {
      this.#logError('Database tables not created', error);
      throw error;
    }
  }

  async syncOnce(batch: SyncBatch): Promise<SyncOutcome> {
    let last: unknown;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      try {
        await this.#apply(batch);
        this.#counts.applied += 1;
        return { status: 'applied', runId: batch.runId, attempts: attempt, duplicate: false };
      } catch (error) {
        last = error;
        this.#logError(`Sync of ${batch.runId} failed`, error);
      }
    }
    this.#counts.failed += 1;
    const { category, code, message } = classify(last);
    return {
      status: 'failed',
      definite: true,
      runId: batch.runId,
      attempts: attempts,
      category,
      code,
      reason: message,
    };
  }

  async stop(): Promise<void> {
    await this.#connection?.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  stats(): SyncStats {
    const connections = this.#connection ? 1 : 0;
    return { ...this.#counts, opened: connections, connections, inUse: connections, waiting: 0 };
  }

  async #apply(batch: SyncBatch): Promise<void> {
    const connection = this.#connection;
    if (!connection) throw new Error('Sync worker is not started');
    const now = new Date(this.#options.clock.now());
    await connection.beginTransaction();
    await connection.query(countRun, [batch.runId, batch.items.length, now]);
    for (const row of toRows(batch.items, now)) await connection.query(upsertItems, [[row]]);
    await connection.commit();
  }

  #logError(what: string, error: unknown): void {
    const time = new Date(this.#options.clock.now()).toISOString().replace('T', ' ').slice(0, 19);
    const details = inspect({ error, config: this.#options.database }, { depth: 4 }).replace(/\n\s*/g, ' ');
    this.#options.log.write(`${time} - ERROR - ${what}: ${details}\n`);
  }
}
