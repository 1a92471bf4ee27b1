/**
 * Lets a simulation run: takes the next event once the program has nothing left to do at the present one.
 *
 *   event ─► nextTick, microtasks, setImmediate … (they stay real, and their order is the program's own) ─► next event
 *
 * Whether a program is idle cannot be asked. It need not be: within one thread the order of ticks, microtasks and immediates is a
 * function of the program alone, so a fixed number of turns between two events is as good (the tripwire sees what is not in the thread).
 */
import type { EventQueue } from './event-queue.ts';
import { realTime } from './real-time.ts';

/** Turns of the event loop between two events. With one, programs that use `setImmediate` twice in a row are overtaken. */
const turnsBetween = 4;

/** How often a program that waits for something outside is looked at, in real milliseconds. */
const lookEveryMs = 1;

export class RunLoop {
  readonly #queue: EventQueue;
  readonly #turns: number;
  #running = false;
  #rest = 0;
  #holds = 0;
  #events = 0;

  constructor(queue: EventQueue, turns: number = turnsBetween) {
    this.#queue = queue;
    this.#turns = turns;
  }

  /** Events taken so far. */
  get events(): number {
    return this.#events;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    realTime.setImmediate(this.#turn);
  }

  stop(): void {
    this.#running = false;
  }

  /** Keeps time from passing until `task` has settled: for work of the lab's own that is outside, such as loading a module. */
  async hold<T>(task: () => Promise<T>): Promise<T> {
    this.#holds += 1;
    try {
      return await task();
    } finally {
      this.#holds -= 1;
      this.#rest = this.#turns;
    }
  }

  readonly #turn = (): void => {
    if (!this.#running) return;
    if (this.#holds > 0 || this.#queue.size === 0) {
      realTime.setTimeout(this.#turn, lookEveryMs);
      return;
    }
    // Before the event: what it throws ends no simulation.
    realTime.setImmediate(this.#turn);
    if (this.#rest > 0) {
      this.#rest -= 1;
      return;
    }
    this.#rest = this.#turns - 1;
    for (let event = this.#queue.take(); event; event = event.isSilent ? this.#queue.take() : undefined) {
      this.#events += 1;
      event.run();
    }
  };
}
