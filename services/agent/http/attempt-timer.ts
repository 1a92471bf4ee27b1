/**
 * Bounds one attempt in time: a limit for the whole of it and one for each phase, all from the injected clock, all
 * arriving as the abort of one signal. The reason of that abort says which phase was too long.
 *
 *   connect ──► tls ──► wait (for the answer's head) ──► body
 *   └──────────────────── total ─────────────────────────────┘
 */
import type { Clock } from '../../clock.ts';
import { DeadlineError, type Phase } from '../shared/errors.ts';

/** Milliseconds that an attempt, and each phase of it, may take. */
export interface Deadlines {
  readonly connectMs: number;
  readonly tlsMs: number;
  readonly waitMs: number;
  readonly bodyMs: number;
  readonly totalMs: number;
}

/** The deadlines of one attempt. Dispose of it when the attempt is over, or its timers go on. */
export class AttemptTimer implements Disposable {
  readonly #clock: Clock;
  readonly #limits: Deadlines;
  readonly #attempt = new AbortController();
  readonly #outer: AbortSignal;
  #sleeping = new AbortController();
  readonly #total = new AbortController();
  #phase: Phase = 'connect';

  constructor(clock: Clock, limits: Deadlines, outer: AbortSignal) {
    this.#clock = clock;
    this.#limits = limits;
    this.#outer = outer;
    if (outer.aborted) this.#onOuterAbort();
    outer.addEventListener('abort', this.#onOuterAbort, { once: true });
    this.#abortAfter(limits.totalMs, this.#total.signal);
  }

  /** Aborts when a deadline passes (reason: `DeadlineError`) or the caller gives up (reason: the caller's). */
  get signal(): AbortSignal {
    return this.#attempt.signal;
  }

  /** The phase that the attempt is in. */
  get phase(): Phase {
    return this.#phase;
  }

  /** Ends the phase before and starts the limit of the next. */
  enter(phase: 'connect' | 'tls' | 'wait' | 'body'): void {
    this.#phase = phase;
    this.#sleeping.abort();
    this.#sleeping = new AbortController();
    this.#abortAfter(this.#limits[`${phase}Ms`], this.#sleeping.signal);
  }

  [Symbol.dispose](): void {
    this.#sleeping.abort();
    this.#total.abort();
    this.#outer.removeEventListener('abort', this.#onOuterAbort);
  }

  readonly #onOuterAbort = (): void => this.#attempt.abort(this.#outer.reason);

  #abortAfter(ms: number, stop: AbortSignal): void {
    this.#clock.sleep(ms, stop).then(
      () => this.#attempt.abort(new DeadlineError(this.#phase, ms)),
      () => {},
    );
  }
}

/** Settles as `work` does, or rejects with the signal's reason; the listener is gone either way. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
