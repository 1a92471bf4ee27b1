/**
 * Carries out operations: attempts, waits, and the conclusions that everybody else draws from the outcome. An
 * operation ends with its result or with one `OperationError`, always within a bound.
 */
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import { classify, type Failure, HttpStatusError, UnexpectedAnswerError } from '../shared/errors.ts';
import { mayRetry, nextDelay, type RetryPolicy, reconnectRetry } from '../shared/retry.ts';
import { describeWait, ServerHold, ServerHoldError } from '../shared/server-hold.ts';
import type { Authentication } from './authentication.ts';
import type { HttpRequest } from './connection.ts';
import type { HealthMonitor } from './health-monitor.ts';
import type { Attempt, Failed, LostConnection, SendOnce } from './http.ts';
import { type Operation, pathOn, saysAgentNotFound, urlOn } from './operation.ts';
import type { AttemptRecord, OperationLog } from './operation-log.ts';
import type { Probe } from './probe.ts';

/** An operation was given up. What led to it has been logged; `failure` and `cause` tell the program. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  readonly operation: string;
  readonly failure: Failure;

  constructor(operation: string, failure: Failure, cause: unknown) {
    super(`${operation} failed: ${failure.message}`, { cause });
    this.operation = operation;
    this.failure = failure;
  }
}

/** What a caller needs. */
export interface ApiClientDeps {
  readonly sendOnce: SendOnce;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly token: string;
  readonly serverUrl: URL;
  readonly records: OperationLog;
  readonly authentication: Authentication;
  readonly monitor: HealthMonitor;
  readonly probe: Probe;
}

/** How far an operation has come. `definite`: no attempt so far can have taken effect. */
interface Progress {
  attempt: number;
  readonly attempts: number;
  definite: boolean;
}

type Outcome<Result> = { readonly ok: true; readonly result: Result } | Failed;

/** Carries out operations against one server. */
export class ApiClient {
  readonly #parts: ApiClientDeps;
  readonly #hold: ServerHold;

  constructor(parts: ApiClientDeps) {
    this.#parts = parts;
    this.#hold = new ServerHold(parts.clock, parts.random);
  }

  /** Resolves with the operation's result. Throws `OperationError`, or the reason of `signal`. */
  async call<Result>(operation: Operation<Result>, signal: AbortSignal): Promise<Result> {
    const { records, random, clock } = this.#parts;
    const policy = { ...this.#parts.policy, ...(operation.attempts && { attempts: operation.attempts }) };
    const progress: Progress = { attempt: 1, attempts: policy.attempts, definite: true };
    for (; ; progress.attempt += 1) {
      const outcome = await this.#attempt(operation, progress, signal);
      if (outcome.ok) return outcome.result;
      const record = { operation, ...progress, ...outcome };
      progress.definite &&= outcome.failure.definite;
      const { failure, retryAfterMs = 0 } = outcome;
      const work = { attempt: progress.attempt, idempotent: operation.idempotent, retryAfterMs };
      if (!mayRetry(policy, failure, work)) throw await this.#giveUp(record, progress, signal);
      const delayMs = Math.max(nextDelay(policy, progress.attempt, random), this.#hold.leftMs);
      records.attemptFailed(record, delayMs);
      await clock.sleep(delayMs, signal);
    }
  }

  /** One attempt, made again on another connection each time one is lost before it has carried the request. */
  async #attempt<Result>(
    operation: Operation<Result>,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<Outcome<Result>> {
    const { sendOnce, records, clock } = this.#parts;
    const request = this.#requestFor(operation);
    for (let connection = 1; ; connection += 1) {
      const held = await this.#untilReleased(signal);
      if (held) return held;
      const sent = await sendOnce(request, signal);
      if (!sent.ok) this.#hold.extend(sent.retryAfterMs ?? 0);
      const work = { attempt: connection, idempotent: operation.idempotent };
      if (sent.ok || !sent.lost || !mayRetry(reconnectRetry, sent.failure, work)) {
        return this.#conclude(operation, read(operation, sent));
      }
      progress.definite &&= sent.failure.definite;
      const delayMs = this.#reconnectDelay(sent.lost, connection);
      records.attemptFailed({ operation, ...progress, ...sent }, delayMs);
      await clock.sleep(delayMs, signal);
    }
  }

  /** Waits until the server takes requests again; where that is too long to wait for, nothing is sent. */
  async #untilReleased(signal: AbortSignal): Promise<Failed | undefined> {
    const { policy, clock } = this.#parts;
    const { longestRetryAfterMs } = policy;
    for (let leftMs = this.#hold.leftMs; leftMs > 0; leftMs = this.#hold.leftMs) {
      if (this.#hold.exceeds(longestRetryAfterMs)) {
        const error = new ServerHoldError(leftMs, longestRetryAfterMs);
        return { ok: false, failure: classify(error), error, durationMs: 0, retryAfterMs: leftMs };
      }
      await clock.sleep(leftMs, signal);
    }
    return undefined;
  }

  /** A server that closed an idle connection has done nothing wrong; one that drops handshakes gets a moment. */
  #reconnectDelay(lost: LostConnection, connection: number): number {
    return lost === 'stale' ? 0 : nextDelay(reconnectRetry, connection, this.#parts.random);
  }

  #requestFor(operation: Operation<unknown>): HttpRequest {
    const { serverUrl, token } = this.#parts;
    const { method, body, idempotencyKey, authenticated } = operation;
    return {
      method,
      path: pathOn(serverUrl, operation),
      headers: {
        accept: 'application/json',
        ...(authenticated && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
  }

  /** Tells the monitor and the authentication how the attempt went. */
  #conclude<Result>(
    operation: Operation<Result>,
    outcome: Outcome<Result> & { durationMs: number },
  ): Outcome<Result> {
    const { authentication, records } = this.#parts;
    const isAnswer = outcome.ok || isAnswerOfServer(outcome.failure);
    if (!operation.once) this.#tellMonitor(operation.name, isAnswer, outcome.durationMs);
    if (operation.authenticated && provesToken(outcome)) authentication.accepted();
    if (outcome.ok) records.succeeded(operation);
    return outcome;
  }

  #tellMonitor(name: string, isAnswer: boolean, durationMs: number): void {
    const { monitor } = this.#parts;
    if (isAnswer) monitor.succeeded(name, durationMs);
    else monitor.failed(name);
  }

  /** The operation did not happen only if no attempt did, so the failure of the last one does not tell it all. */
  async #giveUp(last: AttemptRecord, { definite }: Progress, signal: AbortSignal): Promise<OperationError> {
    const { records, probe } = this.#parts;
    const record = { ...last, failure: { ...last.failure, definite, message: this.#describe(last) } };
    const { operation, failure, error } = record;
    const isHandled = operation.agentMayBeMissing === true && saysAgentNotFound(error);
    if (isRefused(failure)) this.#refused(record);
    else if (operation.quiet) records.failedQuietly(record);
    else if (!isHandled) {
      const findings = isWorthProbing(failure) && this.#hold.leftMs === 0 ? await probe(signal) : undefined;
      records.givenUp(record, findings);
    }
    return new OperationError(operation.name, failure, error);
  }

  /** The failure's message, with the server's wait where that is why there is no other attempt. */
  #describe({ failure, error, retryAfterMs = 0 }: AttemptRecord): string {
    const { longestRetryAfterMs } = this.#parts.policy;
    const isHeld = error instanceof ServerHoldError || retryAfterMs <= longestRetryAfterMs;
    return isHeld
      ? failure.message
      : `${failure.message}; ${describeWait(retryAfterMs, longestRetryAfterMs)}`;
  }

  #refused({ operation, failure, error }: AttemptRecord): void {
    const { authentication, serverUrl } = this.#parts;
    const url = urlOn(serverUrl, operation);
    const body = error instanceof HttpStatusError ? error.body : '';
    authentication.refused({ method: operation.method, url, failure, body });
  }
}

const isRefused = ({ category }: Failure): boolean =>
  category === 'authentication' || category === 'authorization';

/** The server is there and decided: whatever it said, the connection to it is fine. */
const isAnswerOfServer = ({ status }: Failure): boolean => status !== undefined && status < 500;

/** A server may say that a request is late, too large or one too many before it looks at the token. */
const provesToken = (outcome: Outcome<unknown>): boolean => outcome.ok || saysAgentNotFound(outcome.error);

/** A probe helps where a connection was made and then nothing came. */
const isWorthProbing = ({ category, phase }: Failure): boolean =>
  category === 'timeout' && phase !== 'connect' && phase !== 'name_resolution';

/** Makes sense of an answer, or says why it makes none. */
function read<Result>(operation: Operation<Result>, sent: Attempt): Outcome<Result> & { durationMs: number } {
  const { durationMs } = sent;
  if (!sent.ok) {
    const isOtherServer = operation.alwaysThere === true && sent.failure.status === 404;
    if (!isOtherServer) return sent;
    const text = `${operation.method} ${operation.path} was answered 404, which our server never does`;
    return unexpected(new UnexpectedAnswerError(text), durationMs);
  }
  try {
    return { ok: true, result: operation.parse(sent.answer.body), durationMs };
  } catch (error) {
    return unexpected(error, durationMs);
  }
}

function unexpected(error: unknown, durationMs: number): Failed {
  return { ok: false, failure: classify(error, 'body'), error, durationMs };
}
