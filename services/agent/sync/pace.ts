/**
 * How fast a pool connects while its server cannot be had. Each batch waits between its own attempts; but with many of them in line the next
 * one would connect as soon as one has failed, so that a server in trouble is asked the more often the more is left undone. So these waits
 * are the pool's, and there is one trial at a time until a connection was of use.
 */
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import { nextDelay, type Waits } from '../shared/retry.ts';

export interface PaceOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly waits: Waits;
}

/** One connection, from its dialling until it is known whether it is any good. */
export interface Trial {
  /** It was of use. */
  succeeded(): void;
  /** It could not be made, or was gone before it was of any use. */
  failed(error?: unknown): void;
}

export class Pace {
  readonly #options: PaceOptions;
  #failures = 0;
  #lastFailure: unknown;
  #restsUntilMs = Number.NEGATIVE_INFINITY;
  #underWay = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Milliseconds until another trial may begin; undefined while that depends on one that is under way. */
  get leftMs(): number | undefined {
    if (this.#failures > 0 && this.#underWay > 0) return undefined;
    return Math.max(0, this.#restsUntilMs - this.#options.clock.now());
  }

  /** What the last trial met, if none was of use since. */
  get lastFailure(): unknown {
    return this.#lastFailure;
  }

  begin(): Trial {
    const before = this.#failures;
    this.#underWay += 1;
    return {
      succeeded: () => {
        this.#underWay -= 1;
        this.#failures = 0;
        this.#lastFailure = undefined;
        this.#restsUntilMs = Number.NEGATIVE_INFINITY;
      },
      failed: (error) => {
        this.#underWay -= 1;
        this.#lastFailure = error;
        // Trials that were under way together meet the same trouble, which counts once.
        if (this.#failures === before) this.#rest();
      },
    };
  }

  #rest(): void {
    const { clock, random, waits } = this.#options;
    this.#failures += 1;
    this.#restsUntilMs = clock.now() + nextDelay(waits, this.#failures, random);
  }
}
