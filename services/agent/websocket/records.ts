/**
 * What the hardened channel writes to the log. Failures carry the whole context (R4.3); what a channel survives stays
 * at DEBUG (R1.4). The environment sets the level of detail, and that is all it does (R4.7).
 */
import { classify, HttpStatusError } from '../shared/errors.ts';
import { createLog, type Level, type Log } from '../shared/log.ts';
import { LogThrottle } from '../shared/log-throttle.ts';
import { OutcomeLog } from '../shared/outcome-log.ts';
import { createRedactor, previewToken } from '../shared/redact.ts';
import type { ChannelOptions, ChannelState, Environment, FailedReason, SendOutcome } from './channel.ts';

const levels: Readonly<Record<Environment, Level>> = {
  development: 'debug',
  staging: 'info',
  production: 'warn',
};

/** Conditions of the channel that every further send meets in the same way until they change. */
const lasting: ReadonlySet<string> = new Set<FailedReason>(['buffer_full', 'gave_up', 'refused']);

/** How the log calls the making of a connection. */
const operation = 'ws_connect';

/** A message was not acknowledged; the cause is what is known of the connection's own failure. */
class SendFailed extends Error {
  override readonly name = 'SendFailed';
  readonly code: string;

  constructor(outcome: Exclude<SendOutcome, { status: 'acknowledged' }>, cause: unknown) {
    const words = outcome.status === 'failed' ? 'had no effect' : 'may or may not have been received';
    super(`The message ${words}: ${outcome.reason.replaceAll('_', ' ')}`, { cause });
    this.code = outcome.reason.toUpperCase();
  }
}

/** A failed attempt, or the last of several. */
export interface AttemptRecord {
  readonly error: unknown;
  readonly attempt: number;
  readonly attempts: number;
  readonly durationMs: number;
  /** What the server's `Retry-After` asks for. */
  readonly retryAfterMs?: number | undefined;
}

/** Whether the server does not accept the token: another attempt with it gets the same answer. */
export function isRefusedToken(error: unknown): error is HttpStatusError {
  return error instanceof HttpStatusError && (error.status === 401 || error.status === 403);
}

export class ChannelRecords implements Disposable {
  readonly #log: Log;
  readonly #throttle: LogThrottle;
  readonly #outcomes: OutcomeLog;
  readonly #options: ChannelOptions;
  #state: ChannelState = 'closed';

  constructor(options: ChannelOptions) {
    const { clock, environment, log: sink, token } = options;
    this.#options = options;
    this.#log = createLog({ clock, sink, redactor: createRedactor([token]), level: levels[environment] });
    this.#throttle = new LogThrottle(this.#log, clock);
    this.#outcomes = new OutcomeLog(this.#log, this.#throttle);
  }

  /** Writes what was held back. */
  [Symbol.dispose](): void {
    this.#throttle[Symbol.dispose]();
  }

  /** Records a change of state; the same state again is not written. */
  state(to: ChannelState, reason: string, level: Level = 'debug'): void {
    const from = this.#state;
    if (from === to) return;
    this.#state = to;
    this.#log.write(level, `WebSocket is ${to}: ${reason}`, { event: 'ws_state', from, to, reason });
  }

  /** @param state the connection's state when the send began */
  sendEnded(messageType: string, outcome: SendOutcome, state: ChannelState, cause: unknown): void {
    const { userId: user, environment } = this.#options;
    const { id: messageId } = outcome;
    const waitedMs = Math.round(outcome.waitedMs);
    const fields = { user, messageType, messageId, websocketState: state, environment, waitedMs };
    if (outcome.status === 'acknowledged') {
      this.#log.debug(`${messageType} acknowledged`, { event: 'ws_acknowledged', ...fields });
      return;
    }
    const { status, reason } = outcome;
    const err = new SendFailed(outcome, cause);
    const level = status === 'failed' ? 'warn' : 'error';
    const message = `${messageType} for user ${user}: ${err.message}`;
    const record = { event: 'ws_send_failed', ...fields, outcome: status, reason, err };
    if (!lasting.has(reason)) this.#log.write(level, message, record);
    else this.#throttle.write({ key: `ws_send_failed ${reason}`, level, message, fields: record });
  }

  /** Records a failed attempt or a lost connection that another attempt follows. */
  attemptFailed(record: AttemptRecord, delayMs: number): void {
    const { attempt, attempts } = record;
    const message = `WebSocket attempt ${attempt}/${attempts} failed, next in ${delayMs} ms`;
    this.#outcomes.attemptFailed({ message, fields: { ...this.#describe(record), delayMs } });
  }

  /** Reports an outage that has lasted for all attempts, or that no further attempt can end. */
  outage(record: AttemptRecord, next: string): void {
    const { error, attempt } = record;
    const { url: server, token } = this.#options;
    const cause = classify(error).message;
    if (isRefusedToken(error)) {
      const fields = { event: 'auth_refused', status: error.status, body: error.body, confirmed: true };
      const message = `WebSocket refused with ${error.status}, not trying again: check the client token`;
      this.#log.error(message, { ...fields, server, tokenPreview: previewToken(token) });
      return;
    }
    const fields = { ...this.#describe(record), cause, server, err: error };
    const message = `WebSocket to ${server} not opened in ${attempt} attempts: ${cause}. ${next}`;
    this.#outcomes.failed(operation, { message, fields });
  }

  /** Records the end of an outage that had been reported. */
  recovered(failures: number): void {
    this.#outcomes.recovered(operation, failures, `WebSocket is open again after ${failures} failures`);
  }

  #describe({ error, attempt, attempts, durationMs, retryAfterMs }: AttemptRecord): Record<string, unknown> {
    const { category, severity, code, definite } = classify(error);
    return {
      operation: operation,
      method: 'GET',
      url: this.#options.url,
      attempt,
      attempts,
      durationMs: Math.round(durationMs),
      category,
      severity,
      code,
      definite,
      retryAfterMs,
    };
  }
}
