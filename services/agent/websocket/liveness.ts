/**
 * Finds out that a peer has fallen silent. A connection whose packets are dropped gives neither an error nor a close
 * (R4.2, R4.5), so the peer is pinged and has to answer: late makes it suspect, later still makes it dead.
 *
 *     ping ──── suspectAfterMs ──► suspect ──── pongTimeoutMs ──► dead
 *       ▲ any frame from the peer: alive, next ping after pingIntervalMs
 */
import type { Clock } from '../../clock.ts';
import { setTimer } from '../../deadline.ts';

export interface LivenessOptions {
  readonly clock: Clock;
  readonly pingIntervalMs: number;
  readonly suspectAfterMs: number;
  readonly pongTimeoutMs: number;
  /** Sends a ping. */
  readonly ping: () => void;
  /** The peer is late, or has shown itself again. */
  readonly onChange: (trusted: boolean) => void;
  /** The peer counts as gone; nothing more is called. */
  readonly onDead: () => void;
}

export class Liveness implements Disposable {
  readonly #options: LivenessOptions;
  #phase: 'resting' | 'waiting' | 'suspect' | 'over' = 'resting';
  #cancelTimer: () => void;

  /** Starts at once: the first ping goes out after one interval. */
  constructor(options: LivenessOptions) {
    this.#options = options;
    this.#cancelTimer = setTimer(options.clock, options.pingIntervalMs, () => this.probe());
  }

  /** False from the moment a ping is late until the peer shows a sign of life. */
  get trusted(): boolean {
    return this.#phase === 'resting' || this.#phase === 'waiting';
  }

  /** Pings now, unless an answer is being waited for already. */
  probe(): void {
    if (this.#phase !== 'resting') return;
    this.#phase = 'waiting';
    this.#next(this.#options.suspectAfterMs, () => this.#suspect());
    this.#options.ping();
  }

  /** The peer sent something. */
  sawLife(): void {
    if (this.#phase === 'resting' || this.#phase === 'over') return;
    const wasSuspect = this.#phase === 'suspect';
    this.#phase = 'resting';
    this.#next(this.#options.pingIntervalMs, () => this.probe());
    if (wasSuspect) this.#options.onChange(true);
  }

  [Symbol.dispose](): void {
    this.#phase = 'over';
    this.#cancelTimer();
  }

  #suspect(): void {
    this.#phase = 'suspect';
    this.#next(this.#options.pongTimeoutMs - this.#options.suspectAfterMs, () => this.#dead());
    this.#options.onChange(false);
  }

  #dead(): void {
    this[Symbol.dispose]();
    this.#options.onDead();
  }

  #next(ms: number, ring: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = setTimer(this.#options.clock, ms, ring);
  }
}
