/**
 * Which records the course of an operation leaves. A failure that the next attempt makes good is worth a DEBUG
 * record, a time-out a WARN; only when an operation is given up the log says ERROR, with all that is needed to act
 * on it (R1.4, R2.2, R2.6). What repeats goes through the throttle.
 */
import type { Failure } from '../shared/errors.ts';
import type { Fields, Log } from '../shared/log.ts';
import type { LogThrottle } from '../shared/log-throttle.ts';
import { explain } from './diagnosis.ts';
import type { LostConnection } from './http.ts';
import { type Operation, urlOn } from './operation.ts';
import { judgeCause, type ProbeFindings } from './probe.ts';

/** What is known about a failed attempt. */
export interface AttemptRecord {
  readonly operation: Operation<unknown>;
  readonly failure: Failure;
  readonly error: unknown;
  readonly attempt: number;
  readonly attempts: number;
  readonly durationMs: number;
  /** Only the connection was lost: the same attempt goes on with another one. */
  readonly lost?: LostConnection;
}

/** Writes the records of operations. */
export class OperationLog {
  readonly #log: Log;
  readonly #throttle: LogThrottle;
  readonly #serverUrl: URL;
  /** Operations that were given up since they last succeeded, and how often. */
  readonly #givenUp = new Map<string, number>();

  constructor(log: Log, throttle: LogThrottle, serverUrl: URL) {
    this.#log = log;
    this.#throttle = throttle;
    this.#serverUrl = serverUrl;
  }

  /** An attempt failed, or lost its connection, and goes on or is followed by another one after `delayMs`. */
  attemptFailed(record: AttemptRecord, delayMs: number): void {
    const { operation, failure, attempt, attempts, lost } = record;
    const { category, code, phase } = failure;
    const isTimeout = category === 'timeout';
    const progress = `(attempt ${attempt}/${attempts}): ${this.#nameOf(operation)}`;
    this.#throttle.write({
      key: ['attempt_failed', category, code, phase, lost ?? `${attempt}/${attempts}`].join(' '),
      level: isTimeout && !operation.quiet ? 'warn' : 'debug',
      message: isTimeout
        ? `Request timeout ${progress} - retrying in ${seconds(delayMs)}`
        : `Connection error ${progress} - ${failure.message} - retrying in ${seconds(delayMs)}`,
      fields: { event: 'attempt_failed', ...this.#fieldsOf(record), delayMs, ...(lost && { lost }) },
    });
  }

  /** The last attempt failed. `findings` are what a look at the server showed after a time-out (R2.7). */
  givenUp(record: AttemptRecord, findings?: ProbeFindings): void {
    const { operation, failure, error, attempt } = record;
    this.#givenUp.set(operation.name, (this.#givenUp.get(operation.name) ?? 0) + 1);
    const cause = `${explain(failure, this.#serverUrl)} (${failure.message})`;
    const what = failure.category === 'timeout' ? 'Request timeout' : 'Connection error';
    const tries = attempt === 1 ? '1 attempt' : `${attempt} attempts`;
    const serverUrl = this.#serverUrl.href.replace(/\/$/, '');
    this.#throttle.write({
      key: ['operation_failed', operation.name, failure.category, failure.code].join(' '),
      level: 'error',
      message: [
        `${what} after ${tries}: ${this.#nameOf(operation)} - ${cause}`,
        `Server URL configured as: ${serverUrl}`,
        VERIFY,
      ].join('\n'),
      fields: {
        event: 'operation_failed',
        ...this.#fieldsOf(record),
        cause,
        serverUrl,
        verify: VERIFY,
        ...(findings && { probableCause: judgeCause(findings), probe: findings }),
        err: error,
      },
    });
  }

  /** An attempt failed that only the health monitor cares about. */
  failedQuietly(record: AttemptRecord): void {
    const { operation, failure } = record;
    this.#throttle.write({
      key: ['attempt_failed', operation.name, failure.category, failure.code].join(' '),
      level: 'debug',
      message: `${this.#nameOf(operation)} failed - ${failure.message}`,
      fields: { event: 'attempt_failed', ...this.#fieldsOf(record) },
    });
  }

  /** An operation succeeded; if it had been given up before, that is over now. */
  succeeded({ name }: Operation<unknown>): void {
    const failures = this.#givenUp.get(name);
    if (failures === undefined) return;
    this.#givenUp.delete(name);
    this.#throttle.settle(
      (key) => key.startsWith('attempt_failed ') || key.startsWith(`operation_failed ${name} `),
    );
    const message = `${name} works again after ${failures} failed operations`;
    this.#log.info(message, { event: 'operation_recovered', operation: name, failures });
  }

  #fieldsOf({ operation, failure, attempt, attempts, durationMs }: AttemptRecord): Fields {
    const { category, severity, code, definite, phase, status } = failure;
    const { name, method } = operation;
    const what = { operation: name, method, url: this.#urlOf(operation), attempt, attempts };
    return { ...what, category, severity, code, definite, phase, status, durationMs };
  }

  #nameOf(operation: Operation<unknown>): string {
    return `${operation.method} ${this.#urlOf(operation)}`;
  }

  #urlOf(operation: Operation<unknown>): string {
    return urlOn(this.#serverUrl, operation);
  }
}

const VERIFY = 'Verify server is running and CLIENT_TOKEN is valid';

/** `1s` where the report says `1s`, although jitter makes it 0.93 s. */
const seconds = (ms: number): string =>
  ms > 0 && ms < 1_000 / 2 ? `${Math.round(ms)}ms` : `${Math.round(ms / 1_000)}s`;
