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

/** How long to wait between two attempts. */
export interface Waits {
  /** The wait before each attempt, the first one's included (usually 0), the last one repeated; or a formula. */
  readonly delaysMs: readonly number[] | ExponentialDelays;
  /** The share of a wait that is left to chance: 0 none, 0.2 gives 90 to 110 % of it. Caps hold all the same. */
  readonly jitter: number;
}

/** A retry policy. */
export interface RetryPolicy extends Waits {
  /** Tries in all, the first one included. */
  readonly attempts: number;
  /** The categories that are worth another try. */
  readonly retryOn: readonly Category[];
  /** The longest `Retry-After` that is waited for. A longer one ends the operation; it is never cut short. */
  readonly longestRetryAfterMs: number;
}

const transient: readonly Category[] = [
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
  retryOn: transient,
  longestRetryAfterMs: 30_000,
});

/** The waits of background work: `min(60 * 2^n, 300)` s, three retries, connection and time-out errors (R3.7). */
export const cappedRetry: RetryPolicy = Object.freeze({
  attempts: 4,
  delaysMs: { baseMs: 60_000, factor: 2, capMs: 300_000 },
  jitter: 0.2,
  retryOn: ['name_resolution', 'refused', 'reset', 'timeout', 'database'] satisfies Category[],
  longestRetryAfterMs: 300_000,
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
  longestRetryAfterMs: 0,
});

/** What the retry rule has to know about the work. */
export interface Attempted {
  /** Which attempt failed; the first is 1. */
  readonly attempt: number;
  /** True if doing the work twice is the same as doing it once; an idempotency key makes it so. */
  readonly idempotent: boolean;
  /** What the server's `Retry-After` asks for, where it asks for anything. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Whether the policy allows another try: attempts are left, the category is worth it, the work either certainly did
 * not happen or may safely happen twice, and the server does not ask for a longer wait than allowed.
 */
export function mayRetry(policy: RetryPolicy, failure: Failure, work: Attempted): boolean {
  const { attempt, idempotent, retryAfterMs = 0 } = work;
  return (
    attempt < policy.attempts &&
    policy.retryOn.includes(failure.category) &&
    (failure.definite || idempotent) &&
    retryAfterMs <= policy.longestRetryAfterMs
  );
}

/** Milliseconds to wait after attempt number `attempt` failed. */
export function nextDelay(policy: Waits, attempt: number, random: Random): number {
  return spread(policy, baseDelay(policy, attempt), random);
}

function baseDelay({ delaysMs }: Waits, attempt: number): number {
  if ('capMs' in delaysMs)
    return Math.min(delaysMs.baseMs * delaysMs.factor ** (attempt - 1), delaysMs.capMs);
  return delaysMs[attempt] ?? delaysMs.at(-1) ?? 0;
}

/** Around the nominal wait; at the cap below it, so that agents that have all come to the cap still come back apart. */
function spread({ jitter, delaysMs }: Waits, delayMs: number, random: Random): number {
  const capMs = 'capMs' in delaysMs ? delaysMs.capMs : Number.POSITIVE_INFINITY;
  const leastMs = delayMs * (1 - jitter / 2);
  const mostMs = Math.min(delayMs * (1 + jitter / 2), capMs);
  return Math.round(leastMs + (mostMs - leastMs) * random.next());
}

/**
 * Reads a `Retry-After` header (RFC 9110, 10.2.3): seconds, or an HTTP date in any of its three forms. Returns
 * milliseconds from `nowMs`, never negative, or `undefined` if the header is absent or makes no sense.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : parseHttpDate(text) - nowMs;
  if (Number.isNaN(waitMs)) return undefined;
  return Math.min(Math.max(0, Math.ceil(waitMs)), Number.MAX_SAFE_INTEGER);
}

/** The form of C's `asctime` names no zone and means UTC; JavaScript would take it for local time. */
function parseHttpDate(text: string): number {
  if (!/^[a-z]{3,9},? /i.test(text)) return Number.NaN;
  return Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`);
}
