/**
 * The words of the database sync worker: what a batch is, how syncing it can end, what a worker is. Both forms have
 * this shape, so that what each one claims can be held against the rows in the database.
 */
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import type { Dial } from '../shared/dial.ts';
import type { Category } from '../shared/errors.ts';
import type { SyncPolicy } from './policy.ts';

/** Where the database is. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** PEM of the authority that signed the server's certificate. With it the connection uses TLS, without it none. */
  readonly ca?: string;
}

/** A row of `sync_items`. */
export interface SyncItem {
  readonly id: string;
  readonly value: string;
  readonly version: number;
}

/** Rows that are written together, or not at all. */
export interface SyncBatch {
  /** Names the work: the same run applied twice is a duplicate. `sync_runs.applied` counts how often it was. */
  readonly runId: string;
  readonly items: readonly SyncItem[];
}

/** How a batch ended: `applied`, `failed` (definitely not applied) or `unknown` (it may have been). */
export type SyncOutcome =
  | {
      readonly status: 'applied';
      readonly runId: string;
      readonly attempts: number;
      /** True when the database had this run already, from an earlier attempt or call. */
      readonly duplicate: boolean;
    }
  | ({ readonly status: 'failed'; readonly definite: true } & SyncProblem)
  | ({ readonly status: 'unknown' } & SyncProblem);

/** What the last attempt met. */
export interface SyncProblem {
  readonly runId: string;
  readonly attempts: number;
  readonly category: Category;
  readonly code: string;
  readonly reason: string;
}

/** What a worker holds right now, and how batches ended. */
export interface SyncStats {
  readonly applied: number;
  readonly failed: number;
  readonly unknown: number;
  /** Connections opened since the start. */
  readonly opened: number;
  /** Connections that are open or being opened, those of them in use, and callers that wait for one. */
  readonly connections: number;
  readonly inUse: number;
  readonly waiting: number;
}

/** Writes batches to the database. */
export interface SyncWorker extends AsyncDisposable {
  /** Connects and creates the tables; rejects when that does not succeed. */
  start(): Promise<void>;
  /** Applies a batch. Never rejects: the outcome says what happened. */
  syncOnce(batch: SyncBatch): Promise<SyncOutcome>;
  stop(): Promise<void>;
  stats(): SyncStats;
}

export interface SyncOptions {
  readonly database: DatabaseAddress;
  readonly clock: Clock;
  readonly random: Random;
  /** Default: TCP. */
  readonly dial?: Dial;
  /** Where log lines go. */
  readonly log: NodeJS.WritableStream;
  /** Parts of the policy that differ from the default. The naive worker has none. */
  readonly policy?: Partial<SyncPolicy>;
}
