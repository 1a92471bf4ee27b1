/**
 * Bounds one attempt in time: a limit for the whole of it and one for each phase, all from the injected clock, all
 * arriving as the abort of one signal. The reason of that abort says which phase was too long.
 *
 *   connect ──► tls ──► wait (for the answer's head) ──► body
 *   └──────────────────── total ─────────────────────────────┘
 */
import type { Clock } from '../../clock.ts';
import { setTimer } from '../../deadline.ts';
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
  readonly #cancelTotal: () => void;
  #cancelPhase: () => void = () => {};
  #phase: Phase = 'connect';

  constructor(clock: Clock, limits: Deadlines, outer: AbortSignal) {
    this.#clock = clock;
    this.#limits = limits;
    this.#outer = outer;
    if (outer.aborted) this.#onOuterAbort();
    outer.addEventListener('abort', this.#onOuterAbort, { once: true });
    this.#cancelTotal = this.#abortAfter(limits.totalMs);
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
    this.#cancelPhase();
    this.#cancelPhase = this.#abortAfter(this.#limits[`${phase}Ms`]);
  }

  [Symbol.dispose](): void {
    this.#cancelPhase();
    this.#cancelTotal();
    this.#outer.removeEventListener('abort', this.#onOuterAbort);
  }

  readonly #onOuterAbort = (): void => this.#attempt.abort(this.#outer.reason);

  #abortAfter(ms: number): () => void {
    return setTimer(this.#clock, ms, () => this.#attempt.abort(new DeadlineError(this.#phase, ms)));
  }
}
