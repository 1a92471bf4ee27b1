/** What the hardened sync worker writes to the log: what it survives at DEBUG, what it could not do at ERROR. */
import { createLog, type Log } from '../shared/log.ts';
import { LogThrottle } from '../shared/log-throttle.ts';
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
  readonly #server: string;
  /** Failures in a row of each operation that were reported. */
  readonly #reported = new Map<string, number>();

  constructor({ clock, database, log: sink }: SyncOptions) {
    this.#log = createLog({ clock, sink, redactor: createRedactor([database.password]), level: 'debug' });
    this.#throttle = new LogThrottle(this.#log, clock);
    this.#server = `${database.host}:${database.port}/${database.database}`;
  }

  /** Has written what was held back. */
  [Symbol.dispose](): void {
    this.#throttle[Symbol.dispose]();
  }

  attemptFailed(attempt: SyncAttempt, attempts: number, delayMs: number): void {
    const message = `Database ${attempt.operation} attempt ${attempt.attempt}/${attempts} failed, next in ${delayMs} ms`;
    this.#log.debug(message, { event: 'attempt_failed', ...describe(attempt), attempts, delayMs });
  }

  failed(attempt: SyncAttempt): void {
    const { operation, failure, error } = attempt;
    this.#reported.set(operation, (this.#reported.get(operation) ?? 0) + 1);
    const cause = failure.message;
    const fields = {
      event: 'operation_failed',
      ...describe(attempt),
      cause,
      server: this.#server,
      err: error,
    };
    const message = `Database ${operation} failed after ${attempt.attempt} attempts at ${this.#server}: ${cause}`;
    this.#throttle.write({ key: `${keyOf(operation)} ${failure.code}`, level: 'error', message, fields });
  }

  succeeded(operation: string): void {
    const failures = this.#reported.get(operation);
    if (failures === undefined) return;
    this.#reported.delete(operation);
    this.#throttle.settle((key) => key.startsWith(`${keyOf(operation)} `));
    const message = `Database ${operation} works again after ${failures} failures`;
    this.#log.info(message, { event: 'operation_recovered', operation, failures });
  }
}

const keyOf = (operation: string): string => `operation_failed ${operation}`;

function describe({ operation, attempt, failure, durationMs }: SyncAttempt): Record<string, unknown> {
  const { category, severity, code, definite } = failure;
  return { operation, attempt, durationMs: Math.round(durationMs), category, severity, code, definite };
}
