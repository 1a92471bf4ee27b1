/**
 * Timers by the ten thousand from one of the platform's: they are kept by the slot of time in which they fall due. A timer
 * is met up to a slot late and never early. What is cancelled stays until its slot has passed.
 */
import type { Clock } from 'shaketable-proxy/clock';

/** A wait that can be given up. */
export interface WheelTimer {
  cancel(): void;
}

/** Width of a slot, ms: nothing that an agent waits for is finer. */
export const slotMs = 10;

export class TimerWheel {
  readonly #clock: Clock;
  readonly #slots = new Map<number, Wait[]>();
  /** The slot up to which everything has been met. */
  #passed: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#passed = Math.floor(clock.now() / slotMs);
  }

  /** Runs `task` once so many milliseconds have passed. */
  after(ms: number, task: () => void): WheelTimer {
    const due = Math.ceil((this.#clock.now() + ms) / slotMs);
    const slot = Math.max(due, this.#passed + 1);
    const wait = new Wait(task);
    const waits = this.#slots.get(slot);
    if (waits) waits.push(wait);
    else this.#slots.set(slot, [wait]);
    return wait;
  }

  /** Meets what has fallen due. */
  advance(): void {
    const now = Math.floor(this.#clock.now() / slotMs);
    while (this.#passed < now) {
      this.#passed += 1;
      const waits = this.#slots.get(this.#passed) ?? [];
      this.#slots.delete(this.#passed);
      for (const wait of waits) wait.run();
    }
  }

  /** Goes on until `signal` aborts, and tells how late each turn was, ms. */
  async turn(onTurn: (lateMs: number) => void, signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted) {
      const due = this.#clock.now() + slotMs;
      await this.#clock.sleep(slotMs, signal).catch(() => {});
      onTurn(Math.max(0, this.#clock.now() - due));
      this.advance();
    }
  }
}

class Wait implements WheelTimer {
  #task: (() => void) | undefined;

  constructor(task: () => void) {
    this.#task = task;
  }

  run(): void {
    this.#task?.();
  }

  cancel(): void {
    this.#task = undefined;
  }
}
