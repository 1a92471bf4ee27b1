/** What the hardened sync worker writes to the log: what it survives at DEBUG, what it could not do at ERROR. */
import { createLog, type Log } from '../shared/log.ts';
import { LogThrottle } from '../shared/log-throttle.ts';
import { OutcomeLog } from '../shared/outcome-log.ts';
import { createRedactor } from '../shared/redact.ts';
import type { DatabaseFailure } from './errors.ts';
import type { SyncOptions } from './sync.ts';

/** An attempt that failed. */
export interface SyncAttempt {
  readonly operation: string;
  readonly attempt: number;
  readonly failure: DatabaseFailure;
  readonly error: unknown;
  readonly durationMs: number;
}

export class SyncRecords implements Disposable {
  readonly #log: Log;
  readonly #throttle: LogThrottle;
  readonly #outcomes: OutcomeLog;
  readonly #server: string;

  constructor({ clock, database, log: sink }: SyncOptions) {
    this.#log = createLog({ clock, sink, redactor: createRedactor([database.password]), level: 'debug' });
    this.#throttle = new LogThrottle(this.#log, clock);
    this.#outcomes = new OutcomeLog(this.#log, this.#throttle);
    this.#server = `${database.host}:${database.port}/${database.database}`;
  }

  /** Writes what was held back. */
  [Symbol.dispose](): void {
    this.#throttle[Symbol.dispose]();
  }

  /** So that a log without errors is one that somebody writes. */
  started(): void {
    this.#log.info(`Database sync started with ${this.#server}`, {
      event: 'sync_started',
      server: this.#server,
    });
  }

  attemptFailed(attempt: SyncAttempt, attempts: number, delayMs: number): void {
    const message = `Database ${attempt.operation} attempt ${attempt.attempt}/${attempts} failed, next in ${delayMs} ms`;
    this.#outcomes.attemptFailed({ message, fields: { ...describe(attempt), attempts, delayMs } });
  }

  failed(attempt: SyncAttempt): void {
    const { operation, failure, error } = attempt;
    const cause = failure.message;
    const fields = { ...describe(attempt), cause, server: this.#server, err: error };
    const message = `Database ${operation} failed after ${attempt.attempt} attempts at ${this.#server}: ${cause}`;
    this.#outcomes.failed(operation, { likeness: failure.code, message, fields });
  }

  succeeded(operation: string): void {
    const words = (failures: number): string =>
      `Database ${operation} works again after ${failures} failures`;
    this.#outcomes.succeeded(operation, words);
  }
}

function describe({ operation, attempt, failure, durationMs }: SyncAttempt): Record<string, unknown> {
  const { category, severity, code, definite } = failure;
  return { operation, attempt, durationMs: Math.round(durationMs), category, severity, code, definite };
}
