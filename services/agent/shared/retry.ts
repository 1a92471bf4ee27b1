/**
 * When to try again, as data. A policy says how often, after which waits, for which categories of failure; the
 * functions here only read it, so that one loop serves every policy and every policy can be printed and tested.
 */
import type { Random } from '../../random.ts';
import type { Category, Failure } from './errors.ts';

/** Waits that grow by a factor up to a cap: the n-th retry waits `min(baseMs * factor^(n-1), capMs)`. */
export interface ExponentialDelays {
  readonly baseMs: number;
  readonly factor: number;
  readonly capMs: number;
}

/** A retry policy. */
export interface RetryPolicy {
  /** Tries in all, the first one included. */
  readonly attempts: number;
  /** The wait before each attempt, the first one's included (usually 0), the last one repeated; or a formula. */
  readonly delaysMs: readonly number[] | ExponentialDelays;
  /** The share of a wait that is left to chance: 0 none, 0.2 gives 90 to 110 % of it. Caps hold all the same. */
  readonly jitter: number;
  /** The categories that are worth another try. */
  readonly retryOn: readonly Category[];
  /** The longest wait that a server's `Retry-After` can ask for. */
  readonly retryAfterCapMs: number;
}

const TRANSIENT: readonly Category[] = [
  'name_resolution',
  'refused',
  'reset',
  'timeout',
  'rate_limited',
  'server_error',
];

/** The waits of the agents' requests: at once, then 1, 2 and 4 s (R2.6). The report has both 3 and 4 attempts. */
export const quickRetry: RetryPolicy = Object.freeze({
  attempts: 3,
  delaysMs: [0, 1_000, 2_000, 4_000],
  jitter: 0.2,
  retryOn: TRANSIENT,
  retryAfterCapMs: 30_000,
});

/** The waits of background work: `min(60 * 2^n, 300)` s, three retries, connection and time-out errors (R3.7). */
export const cappedRetry: RetryPolicy = Object.freeze({
  attempts: 4,
  delaysMs: { baseMs: 60_000, factor: 2, capMs: 300_000 },
  jitter: 0.2,
  retryOn: ['name_resolution', 'refused', 'reset', 'timeout', 'database'] satisfies Category[],
  retryAfterCapMs: 300_000,
});

/**
 * The waits for another connection when one was lost before it carried the request (R1.2): short, since nothing was
 * asked of the server yet, and few. They come on top of the attempts, so that a share of bad handshakes does not use
 * these up.
 */
export const reconnectRetry: RetryPolicy = Object.freeze({
  attempts: 5,
  delaysMs: [0, 200, 400, 800, 1_600],
  jitter: 0.2,
  retryOn: ['reset'] satisfies Category[],
  retryAfterCapMs: 0,
});

/** What the retry rule has to know about the work. */
export interface Attempted {
  /** Which attempt failed; the first is 1. */
  readonly attempt: number;
  /** True if doing the work twice is the same as doing it once; an idempotency key makes it so. */
  readonly idempotent: boolean;
}

/**
 * Whether the policy allows another try: attempts are left, the category is worth it, and the work either
 * certainly did not happen or may safely happen twice.
 */
export function mayRetry(policy: RetryPolicy, failure: Failure, { attempt, idempotent }: Attempted): boolean {
  return (
    attempt < policy.attempts && policy.retryOn.includes(failure.category) && (failure.definite || idempotent)
  );
}

/**
 * Milliseconds to wait after attempt number `attempt` failed. `retryAfterMs` is what the server asked for: waited
 * for if longer than the policy's own delay, up to the policy's cap.
 */
export function nextDelay(policy: RetryPolicy, attempt: number, random: Random, retryAfterMs = 0): number {
  const asked = Math.min(Math.max(retryAfterMs, 0), policy.retryAfterCapMs);
  return Math.max(spread(policy, baseDelay(policy, attempt), random), asked);
}

function baseDelay({ delaysMs }: RetryPolicy, attempt: number): number {
  if ('capMs' in delaysMs)
    return Math.min(delaysMs.baseMs * delaysMs.factor ** (attempt - 1), delaysMs.capMs);
  return delaysMs[attempt] ?? delaysMs.at(-1) ?? 0;
}

/** Around the nominal wait; at the cap below it, so that agents that have all come to the cap still come back apart. */
function spread({ jitter, delaysMs }: RetryPolicy, delayMs: number, random: Random): number {
  const capMs = 'capMs' in delaysMs ? delaysMs.capMs : Number.POSITIVE_INFINITY;
  const leastMs = delayMs * (1 - jitter / 2);
  const mostMs = Math.min(delayMs * (1 + jitter / 2), capMs);
  return Math.round(leastMs + (mostMs - leastMs) * random.next());
}

/**
 * Reads a `Retry-After` header (RFC 9110, 10.2.3): seconds or an HTTP date. Returns milliseconds from `nowMs`,
 * never negative, or `undefined` if the header is absent or makes no sense.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const dateMs = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
