/**
 * Requests of a product by an open loop, each of which takes a connection from a pool, inserts its number and gives
 * the connection back; and statements that are slow.
 *
 *     due ──► acquire ──► INSERT number ──► release
 */
import { type Clock, sleepUntil } from 'shaketable-proxy/clock';
import { monotonicOffset } from '../../processes/monotonic-offset.ts';
import { createLoadPool, type LoadConnection, type LoadPool, type PoolTarget } from './pools.ts';
import { limitOf, type PoolSettings, poolSettings, type SettingsName } from './settings.ts';

/** What is asked for. */
export interface PoolJob extends PoolTarget {
  readonly settings: SettingsName;
  /** The table that the numbers go to. */
  readonly table: string;
  readonly ratePerSecond: number;
  readonly durationMs: number;
  /** Slow statements, one for each connection of the pool, begin so late; undefined is none. */
  readonly slow?: { readonly afterMs: number; readonly seconds: number };
}

/** What became of one request; times are of the clock, ms. */
export interface PoolRequest {
  readonly plannedAt: number;
  readonly endedAt: number;
  /** Until it had a connection; undefined for one that never did. */
  readonly acquireMs?: number;
  /** Of the error; undefined for one that succeeded. */
  readonly code?: string;
}

/** What the load saw. */
export interface PoolLoad {
  /** By number. */
  readonly requests: readonly PoolRequest[];
  /** Connections that the pool made and that worked. */
  readonly connections: number;
  readonly monotonicOffsetMs: number;
}

/** What is left of them at the end is given up. */
const longestWaitMs = 12_000;

export async function loadPool(job: PoolJob, clock: Clock): Promise<PoolLoad> {
  const { settings, ratePerSecond, durationMs } = job;
  const { port, user, password, database } = job;
  const pool = await createLoadPool(settings, { port, user, password, database });
  const over = new AbortController();
  const startMs = clock.now();
  const slow = runSlow(pool, job, clock);
  const running: Promise<PoolRequest>[] = [];
  for (let number = 0; number < (ratePerSecond * durationMs) / 1_000; number += 1) {
    const plannedAt = startMs + (number * 1_000) / ratePerSecond;
    await sleepUntil(clock, plannedAt);
    running.push(requestOnce(pool, job, { number, plannedAt, signal: over.signal }, clock));
  }
  const late = clock.sleep(longestWaitMs, over.signal).then(
    () => over.abort(),
    () => {},
  );
  const requests = await Promise.all(running);
  over.abort();
  await late;
  await end(pool, clock);
  await slow;
  return { requests, connections: pool.connections, monotonicOffsetMs: monotonicOffset(clock) };
}

/** Loads the driver and compiles what a request needs, on a pool of its own. */
export async function warmPool(settings: SettingsName, target: PoolTarget): Promise<void> {
  const pool = await createLoadPool(settings, target);
  const connection = await pool.acquire();
  for (let count = 0; count < warmStatements; count += 1) await connection.query({ sql: 'SELECT 1' });
  connection.release();
  await pool.end();
}

const warmStatements = 50;

interface Turn {
  readonly number: number;
  readonly plannedAt: number;
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal;
}

async function requestOnce(
  pool: LoadPool,
  { settings, table }: PoolJob,
  { number, plannedAt, signal }: Turn,
  clock: Clock,
): Promise<PoolRequest> {
  const { statementMs, ping }: PoolSettings = poolSettings[settings];
  let acquireMs: number | undefined;
  const work = async (): Promise<void> => {
    const begunMs = clock.now();
    const connection = ping ? await acquireWorking(pool, clock, statementMs ?? 0) : await pool.acquire();
    acquireMs = clock.now() - begunMs;
    try {
      const sql = `INSERT INTO ${table} (number) VALUES (${number})`;
      await connection.query(statementMs === undefined ? { sql } : { sql, timeout: statementMs });
      connection.release();
    } catch (error) {
      connection.destroy();
      throw error;
    }
  };
  const code = await untilAborted(work(), signal).then(() => undefined, codeOf);
  return {
    plannedAt,
    endedAt: clock.now(),
    ...(acquireMs === undefined ? {} : { acquireMs }),
    ...(code === undefined ? {} : { code }),
  };
}

/** As often as the pool may have broken connections. */
const pingAttempts = 11;

/** The first connection that answers a ping. */
async function acquireWorking(pool: LoadPool, clock: Clock, withinMs: number): Promise<LoadConnection> {
  for (let attempt = 1; ; attempt += 1) {
    const connection = await pool.acquire();
    const answered = new AbortController();
    const late = clock.sleep(withinMs, answered.signal).then(
      () => connection.destroy(),
      () => {},
    );
    try {
      await Promise.race([connection.ping(), late.then(() => Promise.reject(codeError('PING_TIMEOUT')))]);
      return connection;
    } catch (error) {
      connection.destroy();
      if (attempt === pingAttempts) throw error;
    } finally {
      answered.abort();
    }
  }
}

/** Reports of an administrator, as many as the pool has connections. */
async function runSlow(pool: LoadPool, { settings, slow }: PoolJob, clock: Clock): Promise<void> {
  if (!slow) return;
  await clock.sleep(slow.afterMs);
  const report = async (): Promise<void> => {
    const connection = await pool.acquire();
    await connection.query({ sql: `SELECT SLEEP(${slow.seconds})` });
    connection.release();
  };
  await Promise.allSettled(Array.from({ length: limitOf(settings) }, report));
}

/** Ends the connections in order; those that do not answer are not waited for. */
async function end(pool: LoadPool, clock: Clock): Promise<void> {
  await Promise.race([pool.end().catch(() => {}), clock.sleep(500)]);
}

function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abandon = (): void => reject(codeError('NO_ANSWER'));
  signal.addEventListener('abort', abandon, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abandon));
}

const codeError = (code: string): Error => Object.assign(new Error(code), { code });

/** mysql2 tells some of its errors by their message alone. */
function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === undefined ? String(message) : String(code);
}
