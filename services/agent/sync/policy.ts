/** The hardened worker's bounds and retry rules, as data. Every wait is in milliseconds of the worker's clock. */
import type { Category } from '../shared/errors.ts';
import type { RetryPolicy, Waits } from '../shared/retry.ts';

export interface SyncPolicy {
  /** Connections at most. Default 4. */
  readonly poolSize: number;
  /** From dialling to a connection that is logged in. Default 10 s. */
  readonly connectTimeoutMs: number;
  /** How long a batch waits for a free connection. Default 10 s. */
  readonly acquireTimeoutMs: number;
  /** A connection idle for longer is asked for a sign of life before it is used. Default 10 s. */
  readonly validateAfterMs: number;
  /** How long that sign of life, or a polite goodbye, may take. Default 2 s. */
  readonly pingTimeoutMs: number;
  /** Bound on each statement. What takes longer is killed on the server. Default 30 s. */
  readonly queryTimeoutMs: number;
  /** How long `stop` lets batches in progress go on before it takes their connections away. Default 5 s. */
  readonly stopTimeoutMs: number;
  /** Between two connects of the whole pool, after some that came to nothing, however many batches wait for one. */
  readonly reconnect: Waits;
  /** After errors of connections and servers. */
  readonly outage: RetryPolicy;
  /** After a deadlock or a lock wait: the next attempt may succeed at once, if not all come back together. */
  readonly contention: RetryPolicy;
}

const retried: readonly Category[] = ['name_resolution', 'refused', 'reset', 'timeout', 'database'];

/** The policy that holds where an option says nothing else. */
export const defaultSyncPolicy: SyncPolicy = Object.freeze({
  poolSize: 4,
  connectTimeoutMs: 10_000,
  acquireTimeoutMs: 10_000,
  validateAfterMs: 10_000,
  pingTimeoutMs: 2_000,
  queryTimeoutMs: 30_000,
  stopTimeoutMs: 5_000,
  // Shorter than the waits of one batch: a batch that is alone never meets it.
  reconnect: Object.freeze({
    delaysMs: Object.freeze({ baseMs: 250, factor: 2, capMs: 4_000 }),
    jitter: 0.5,
  }),
  outage: Object.freeze({
    attempts: 6,
    delaysMs: Object.freeze({ baseMs: 1_000, factor: 2, capMs: 30_000 }),
    jitter: 0.5,
    retryOn: retried,
    longestRetryAfterMs: 0,
  }),
  contention: Object.freeze({
    attempts: 6,
    delaysMs: Object.freeze({ baseMs: 200, factor: 2, capMs: 5_000 }),
    jitter: 1,
    retryOn: retried,
    longestRetryAfterMs: 0,
  }),
});
