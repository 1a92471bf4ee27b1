/**
 * Which records the course of an operation leaves. A failure that the next attempt makes good is worth a DEBUG
 * record, a time-out a WARN; only when an operation is given up the log says ERROR, with all that is needed to act
 * on it (R1.4, R2.2, R2.6). What repeats goes through the throttle.
 */
import type { Failure } from '../shared/errors.ts';
import type { Fields, Log } from '../shared/log.ts';
import type { LogThrottle } from '../shared/log-throttle.ts';
import { OutcomeLog } from '../shared/outcome-log.ts';
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
  /** What the server's `Retry-After` asks for. */
  readonly retryAfterMs?: number;
}

/** Writes the records of operations. */
export class OperationLog {
  readonly #outcomes: OutcomeLog;
  readonly #serverUrl: URL;

  constructor(log: Log, throttle: LogThrottle, serverUrl: URL) {
    this.#outcomes = new OutcomeLog(log, throttle);
    this.#serverUrl = serverUrl;
  }

  /** An attempt failed, or lost its connection, and goes on or is followed by another one after `delayMs`. */
  attemptFailed(record: AttemptRecord, delayMs: number): void {
    const { operation, failure, attempt, attempts, lost } = record;
    const { category, code, phase } = failure;
    const isTimeout = category === 'timeout';
    const progress = `(attempt ${attempt}/${attempts}): ${this.#nameOf(operation)}`;
    const message = isTimeout
      ? `Request timeout ${progress} - retrying in ${seconds(delayMs)}`
      : `Connection error ${progress} - ${failure.message} - retrying in ${seconds(delayMs)}`;
    const fields = { ...this.#fieldsOf(record), delayMs, ...(lost && { lost }) };
    const likeness = [category, code, phase, lost ?? `${attempt}/${attempts}`].join(' ');
    const level = isTimeout && !operation.quiet ? 'warn' : 'debug';
    this.#outcomes.attemptFailed({ message, fields, likeness }, level);
  }

  /** The last attempt failed. `findings` are what a look at the server showed after a time-out (R2.7). */
  givenUp(record: AttemptRecord, findings?: ProbeFindings): void {
    const { operation, failure, error, attempt } = record;
    const cause = `${explain(failure, this.#serverUrl)} (${failure.message})`;
    const what = failure.category === 'timeout' ? 'Request timeout' : 'Connection error';
    const tries = attempt === 1 ? '1 attempt' : `${attempt} attempts`;
    const serverUrl = this.#serverUrl.href.replace(/\/$/, '');
    this.#outcomes.failed(operation.name, {
      likeness: `${failure.category} ${failure.code}`,
      message: [
        `${what} after ${tries}: ${this.#nameOf(operation)} - ${cause}`,
        `Server URL configured as: ${serverUrl}`,
        verify,
      ].join('\n'),
      fields: {
        ...this.#fieldsOf(record),
        cause,
        serverUrl,
        verify: verify,
        ...(findings && { probableCause: judgeCause(findings), probe: findings }),
        err: error,
      },
    });
  }

  /** An attempt failed that only the health monitor cares about. */
  failedQuietly(record: AttemptRecord): void {
    const { operation, failure } = record;
    this.#outcomes.attemptFailed({
      likeness: `${operation.name} ${failure.category} ${failure.code}`,
      message: `${this.#nameOf(operation)} failed - ${failure.message}`,
      fields: this.#fieldsOf(record),
    });
  }

  /** Records a success; if the operation had been given up before, also its recovery. */
  succeeded({ name }: Operation<unknown>): void {
    const describe = (failures: number): string => `${name} works again after ${failures} failed operations`;
    this.#outcomes.succeeded(name, describe);
  }

  #fieldsOf({ operation, failure, attempt, attempts, durationMs, retryAfterMs }: AttemptRecord): Fields {
    const { category, severity, code, definite, phase, status } = failure;
    const { name, method } = operation;
    const what = { operation: name, method, url: this.#urlOf(operation), attempt, attempts };
    return { ...what, category, severity, code, definite, phase, status, durationMs, retryAfterMs };
  }

  #nameOf(operation: Operation<unknown>): string {
    return `${operation.method} ${this.#urlOf(operation)}`;
  }

  #urlOf(operation: Operation<unknown>): string {
    return urlOn(this.#serverUrl, operation);
  }
}

const verify = 'Verify server is running and CLIENT_TOKEN is valid';

/** `1s` where the report says `1s`, although jitter makes it 0.93 s. */
const seconds = (ms: number): string =>
  ms > 0 && ms < 1_000 / 2 ? `${Math.round(ms)}ms` : `${Math.round(ms / 1_000)}s`;
