/**
 * The records that the course of an operation leaves, under the same names in every agent: `attempt_failed` when another
 * attempt follows, `operation_failed` at ERROR when the operation is given up, `operation_recovered` at INFO when it
 * works again after that (R1.4, R2.2). Repeated records go through the throttle (R3.4).
 */
import type { Fields, Level, Log } from './log.ts';
import type { LogThrottle } from './log-throttle.ts';

/** One outcome. */
export interface OutcomeRecord {
  readonly message: string;
  readonly fields: Fields;
  /** What one record has to share with another to repeat it; without it, each is written. */
  readonly likeness?: string;
}

/** Writes the outcomes of operations. */
export class OutcomeLog {
  readonly #log: Log;
  readonly #throttle: LogThrottle;
  /** How often each operation was given up since it last succeeded. */
  readonly #givenUp = new Map<string, number>();

  constructor(log: Log, throttle: LogThrottle) {
    this.#log = log;
    this.#throttle = throttle;
  }

  /** Records a failed attempt that another one follows, or that matters to the log alone. */
  attemptFailed(record: OutcomeRecord, level: Level = 'debug'): void {
    this.#write('attempt_failed', level, record);
  }

  /** Records that the operation was given up. */
  failed(operation: string, record: OutcomeRecord): void {
    this.#givenUp.set(operation, (this.#givenUp.get(operation) ?? 0) + 1);
    const { likeness } = record;
    const named = likeness === undefined ? {} : { likeness: `${operation} ${likeness}` };
    this.#write('operation_failed', 'error', { ...record, ...named });
  }

  /** Records a success. If the operation had been given up before, writes what was held back and the recovery. */
  succeeded(operation: string, describe: (failures: number) => string): void {
    const failures = this.#givenUp.get(operation);
    if (failures === undefined) return;
    this.#throttle.settle(
      (key) => key.startsWith('attempt_failed ') || key.startsWith(`operation_failed ${operation} `),
    );
    this.recovered(operation, failures, describe(failures));
  }

  /** Records that the operation works again after so many failures. */
  recovered(operation: string, failures: number, message: string): void {
    this.#givenUp.delete(operation);
    this.#log.info(message, { event: 'operation_recovered', operation, failures });
  }

  #write(event: string, level: Level, { message, fields, likeness }: OutcomeRecord): void {
    const record = { event, ...fields };
    if (likeness === undefined) this.#log.write(level, message, record);
    else this.#throttle.write({ key: `${event} ${likeness}`, level, message, fields: record });
  }
}
