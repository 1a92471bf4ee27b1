/**
 * The sync worker with the fixes (R3.9). Sessions are on loan and go back on every path; every statement is bounded;
 * a batch is one transaction that claims its run first, so that doing it again cannot do it twice; and what is retried,
 * how often and how soon, follows from what the error means.
 */
import type { Clock } from '../../clock.ts';
import { withDeadline } from '../../deadline.ts';
import type { Random } from '../../random.ts';
import { dialTcp } from '../shared/dial.ts';
import { DeadlineError } from '../shared/errors.ts';
import { mayRetry, nextDelay } from '../shared/retry.ts';
import { classifyDatabase, type DatabaseFailure, isDuplicate } from './errors.ts';
import { defaultSyncPolicy, type SyncPolicy } from './policy.ts';
import { Pool } from './pool.ts';
import { type SyncAttempt, SyncRecords } from './records.ts';
import { openSession, type Session } from './session.ts';
import type { SyncBatch, SyncItem, SyncOptions, SyncOutcome, SyncStats, SyncWorker } from './sync.ts';
import { claimRun, createTables, toRows, upsertItems } from './tables.ts';

/** A worker that holds nothing yet: `start` it, and `stop` it or leave that to `await using`. */
export function createHardenedSync(options: SyncOptions): SyncWorker {
  return new HardenedSync(options);
}

/** What is known across the attempts at one batch. */
interface Progress {
  attempt: number;
  /** COMMIT has been sent in this attempt. */
  committing: boolean;
  /** A COMMIT got no answer, and nothing since has shown what became of it. */
  inDoubt: boolean;
}

class HardenedSync implements SyncWorker {
  readonly #clock: Clock;
  readonly #policy: SyncPolicy;
  readonly #pool: Pool;
  readonly #records: SyncRecords;
  readonly #random: Random;
  readonly #stop = new AbortController();
  readonly #inProgress = new Set<Promise<unknown>>();
  readonly #counts = { applied: 0, failed: 0, unknown: 0 };
  #tablesExist = false;

  constructor(options: SyncOptions) {
    const { clock, database, dial = dialTcp } = options;
    const policy = { ...defaultSyncPolicy, ...options.policy };
    const onBroken = (session: Session): void => this.#pool.forget(session);
    this.#clock = clock;
    this.#policy = policy;
    this.#pool = new Pool({
      clock,
      random: options.random.fork('database connects'),
      policy,
      open: () => openSession({ database, clock, dial, policy, onBroken }),
    });
    this.#records = new SyncRecords(options);
    this.#random = options.random.fork('database retries');
  }

  /** Creates the tables. Rejects after the last attempt, with what that one met. */
  start(): Promise<void> {
    return this.#track(
      this.#persist('start', () => this.#createTables(), newProgress())
        .then(rethrow)
        .then(() => this.#records.started()),
    );
  }

  /** Applies a batch once, however many attempts it takes. */
  syncOnce(batch: SyncBatch): Promise<SyncOutcome> {
    return this.#track(this.#sync(batch));
  }

  /** Lets batches in progress end, within the policy's time, and closes every connection. May be called twice. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('The sync worker is being stopped'));
    const { stopTimeoutMs } = this.#policy;
    const ended = Promise.allSettled(this.#inProgress);
    const tooLong = (): Error => new DeadlineError('wait', stopTimeoutMs);
    await withDeadline(this.#clock, stopTimeoutMs, ended, tooLong).catch(() => this.#pool.abandon());
    await ended;
    await this.#pool[Symbol.asyncDispose]();
    this.#records[Symbol.dispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  stats(): SyncStats {
    return { ...this.#counts, ...this.#pool.stats };
  }

  async #sync(batch: SyncBatch): Promise<SyncOutcome> {
    const { runId } = batch;
    const progress = newProgress();
    const ended = await this.#persist('sync', () => this.#apply(batch, progress), progress);
    const outcome = toOutcome(runId, progress, ended);
    this.#counts[outcome.status] += 1;
    return outcome;
  }

  /** Tries until it is done or there is no point in going on. */
  async #persist<T>(operation: string, work: () => Promise<T>, progress: Progress): Promise<Ended<T>> {
    for (;;) {
      const startMs = this.#clock.now();
      progress.attempt += 1;
      progress.committing = false;
      try {
        const value = await work();
        this.#records.succeeded(operation);
        return { value };
      } catch (error) {
        const failure = classifyDatabase(error, progress.committing);
        progress.inDoubt ||= !failure.definite;
        const record = {
          operation,
          // The batch had no effect only if no attempt had one.
          failure: { ...failure, definite: failure.definite && !progress.inDoubt },
          error,
          attempt: progress.attempt,
          durationMs: this.#clock.now() - startMs,
        };
        if (!(await this.#mayTryAgain(record))) return { error, failure };
      }
    }
  }

  async #mayTryAgain(record: SyncAttempt): Promise<boolean> {
    const { failure, attempt } = record;
    const policy = failure.retry === 'soon' ? this.#policy.contention : this.#policy.outage;
    const again = failure.retry !== 'never' && mayRetry(policy, failure, { attempt, idempotent: true });
    if (!again || this.#stop.signal.aborted) {
      this.#records.failed(record);
      return false;
    }
    const delayMs = nextDelay(policy, attempt, this.#random);
    this.#records.attemptFailed(record, policy.attempts, delayMs);
    // A stop wakes it early, for a last attempt.
    await this.#clock.sleep(delayMs, this.#stop.signal).catch(() => undefined);
    return true;
  }

  /** One attempt, in one transaction; true when the run had been applied before. */
  async #apply(batch: SyncBatch, progress: Progress): Promise<boolean> {
    await this.#createTables();
    await using lease = await this.#pool.lease();
    const { session } = lease;
    const now = new Date(this.#clock.now());
    await session.query('START TRANSACTION');
    try {
      await session.query(claimRun, [batch.runId, batch.items.length, now]);
      // The run was free: whatever an earlier attempt left in doubt did not happen.
      progress.inDoubt = false;
      if (batch.items.length > 0) await session.query(upsertItems, [toRows(inLockOrder(batch.items), now)]);
      progress.committing = true;
      await session.query('COMMIT');
      return false;
    } catch (error) {
      await session.rollback();
      if (isDuplicate(error)) return true;
      throw error;
    }
  }

  async #createTables(): Promise<void> {
    if (this.#tablesExist) return;
    await using lease = await this.#pool.lease();
    for (const sql of createTables) await lease.session.query(sql);
    this.#tablesExist = true;
  }

  #track<T>(work: Promise<T>): Promise<T> {
    const tracked = work.finally(() => this.#inProgress.delete(tracked));
    this.#inProgress.add(tracked);
    return tracked;
  }
}

type Ended<T> = { readonly value: T } | { readonly error: unknown; readonly failure: DatabaseFailure };

const newProgress = (): Progress => ({ attempt: 0, committing: false, inDoubt: false });

function rethrow(ended: Ended<void>): void {
  if ('error' in ended) throw ended.error;
}

function toOutcome(runId: string, progress: Progress, ended: Ended<boolean>): SyncOutcome {
  const { attempt: attempts, inDoubt } = progress;
  if ('value' in ended) return { status: 'applied', runId, attempts, duplicate: ended.value };
  const { category, code, message: reason } = ended.failure;
  const problem = { runId, attempts, category, code, reason };
  return inDoubt ? { status: 'unknown', ...problem } : { status: 'failed', definite: true, ...problem };
}

/** Workers that take the locks of their rows in one order do not deadlock with each other. */
function inLockOrder(items: readonly SyncItem[]): SyncItem[] {
  return items.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
