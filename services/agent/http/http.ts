/**
 * One attempt at a request: a connection on loan, an exchange, an outcome. Nothing is thrown for what the network or
 * the server did; the outcome says it, with what the retry rule needs to know.
 */
import type { Clock } from '../../clock.ts';
import { classify, type Failure, HttpStatusError, isBeforeSending } from '../shared/errors.ts';
import { parseRetryAfter } from '../shared/retry.ts';
import { AttemptTimer, type Deadlines } from './attempt-timer.ts';
import type { HttpAnswer, HttpRequest } from './connection.ts';
import type { ConnectionPool } from './pool.ts';

/** How an attempt ended. */
export type Attempt = Succeeded | Failed;

/** The server answered with a status below 400. */
export interface Succeeded {
  readonly ok: true;
  readonly answer: HttpAnswer;
  readonly durationMs: number;
}

/** No answer, or an answer that says no. */
export interface Failed {
  readonly ok: false;
  readonly failure: Failure;
  readonly error: unknown;
  readonly durationMs: number;
  /** The connection was lost and not the request, so another connection is owed before this counts as an attempt. */
  readonly lost?: LostConnection;
  readonly retryAfterMs?: number;
}

/**
 * How a connection can be lost before it has carried the request: `stale`, closed by the server while it lay idle (A8);
 * `handshake`, dropped while it was being opened (R1.2).
 */
export type LostConnection = 'stale' | 'handshake';

/** Makes one attempt. Throws only the reason of `signal`, when the caller gives up. */
export type SendOnce = (request: HttpRequest, signal: AbortSignal) => Promise<Attempt>;

/** What `createSendOnce` needs. */
export interface HttpParts {
  readonly pool: ConnectionPool;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
}

/** Binds attempts to a pool, a clock and deadlines. */
export function createSendOnce({ pool, clock, deadlines }: HttpParts): SendOnce {
  return async (request, signal) => {
    signal.throwIfAborted();
    const startMs = clock.now();
    using timer = new AttemptTimer(clock, deadlines, signal);
    const exchanged = await exchange(pool, request, timer);
    signal.throwIfAborted();
    const durationMs = Math.round(clock.now() - startMs);
    if ('answer' in exchanged) return judge(exchanged.answer, durationMs, clock);
    const { error, isUntouched } = exchanged;
    const failure = classify(error, timer.phase);
    const lost = lostConnection(failure, isUntouched);
    return { ok: false, failure, error, durationMs, ...(lost && { lost }) };
  };
}

/** `isUntouched`: the connection had been used before, and not a byte came back this time. */
type Exchanged = { readonly answer: HttpAnswer } | { readonly error: unknown; readonly isUntouched: boolean };

async function exchange(pool: ConnectionPool, request: HttpRequest, timer: AttemptTimer): Promise<Exchanged> {
  let untouched = (): boolean => false;
  try {
    await using lease = await pool.acquire(timer);
    const { connection } = lease;
    const bytesBefore = connection.bytesRead;
    const { isReused } = connection;
    untouched = () => isReused && connection.bytesRead === bytesBefore;
    const answer = await connection.exchange(request, timer);
    lease.keep();
    return { answer };
  } catch (error) {
    return { error, isUntouched: untouched() };
  }
}

function lostConnection({ category, phase }: Failure, isUntouched: boolean): LostConnection | undefined {
  if (category !== 'reset') return undefined;
  if (isUntouched) return 'stale';
  return phase !== undefined && isBeforeSending(phase) ? 'handshake' : undefined;
}

function judge(answer: HttpAnswer, durationMs: number, clock: Clock): Attempt {
  if (answer.status < 400) return { ok: true, answer, durationMs };
  const header = answer.headers['retry-after'];
  const retryAfterMs = parseRetryAfter(Array.isArray(header) ? header[0] : header, clock.now());
  const error = new HttpStatusError(answer.status, answer.body, retryAfterMs);
  return {
    ok: false,
    failure: classify(error),
    error,
    durationMs,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
