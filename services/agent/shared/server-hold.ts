/**
 * The wait that a server asked for with `Retry-After` (RFC 9110, 10.2.3). It holds for every request to that server,
 * whatever the request is for: a heartbeat must not come while a report has been told to wait.
 */
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';

/** One bad header must not silence an agent that runs for weeks. */
const longestHoldMs = 86_400_000;

/** The share by which a wait is exceeded at most, so that the server's clients do not all come at once. */
const spread = 0.1;

/** Remembers until when a server wants no requests. */
export class ServerHold {
  readonly #clock: Clock;
  readonly #random: Random;
  #untilMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Milliseconds until the next request may be sent; 0 if it may be sent now. */
  get leftMs(): number {
    return Math.max(0, this.#untilMs - this.#clock.now());
  }

  /** Whether more is left than a wait of `allowedMs`. */
  exceeds(allowedMs: number): boolean {
    return this.leftMs > allowedMs * (1 + spread);
  }

  /** Holds for `ms` from now and a little longer, a day at most; a hold that lasts longer stays as it is. */
  extend(ms: number): void {
    if (ms <= 0) return;
    const spreadMs = Math.ceil(Math.min(ms, longestHoldMs) * (1 + spread * this.#random.next()));
    this.#untilMs = Math.max(this.#untilMs, this.#clock.now() + spreadMs);
  }
}

/** Nothing was sent, since the server's wait is not over. `code` is `SERVER_HOLD`. */
export class ServerHoldError extends Error {
  override readonly name = 'ServerHoldError';
  readonly code = 'SERVER_HOLD';
  /** What is left of the wait, in milliseconds. */
  readonly retryAfterMs: number;

  constructor(leftMs: number, allowedMs: number) {
    super(`Not sent: ${describeWait(leftMs, allowedMs)}`);
    this.retryAfterMs = leftMs;
  }
}

/** As `the server asks to wait 120 s, longer than the 30 s allowed`. */
export function describeWait(askedMs: number, allowedMs: number): string {
  const [asked, allowed] = [askedMs, allowedMs].map((ms) => `${Math.ceil(ms / 1_000)} s`);
  return `the server asks to wait ${asked}, longer than the ${allowed} allowed`;
}
