/**
 * Makes a run that fails small: as few of its faults as still make the same check fail, each as short as that allows, and a story that
 * is over soon afterwards. It knows nothing of how a run is played.
 */
import { shrink } from '../explore/shrink.ts';
import type { PlannedFault } from '../faults/planned-fault.ts';
import type { Reduction } from './reduction.ts';
import { patienceFor, type Rate, rateOf, stillFails } from './steady.ts';
import { reductionOf, roundUp, shorterTimes, type TimedFault } from './times.ts';

/** What one play came to. */
export interface Attempt {
  /** The check that is looked for fails. */
  readonly fails: boolean;
  /** How long after the first connection the last of its evidence came, lab milliseconds; undefined without evidence. */
  readonly evidentMs?: number;
  /** How long after the first connection the story ended, lab milliseconds. */
  readonly lastedMs: number;
}

/** What is made small, and how. */
export interface Minimising {
  readonly faults: readonly TimedFault[];
  /** As the scenario plans them. */
  readonly planned: Readonly<Record<string, PlannedFault>>;
  /** Faults that hit nothing in the run: they are left out at once, if that still fails. */
  readonly idle: ReadonlySet<string>;
  plays(reduction: Reduction): Promise<Attempt>;
  /** Whether nothing smaller may be tried any more. */
  isOver(): boolean;
  /** Whether nothing at all may be played any more. */
  isStopped(): boolean;
  /** Told of everything smaller that still fails. */
  onSmaller(reduction: Reduction): void;
  /** The shortest time that a busy machine keeps, lab milliseconds. */
  readonly shortestMs: number;
}

/** What it came to. */
export interface Minimum {
  readonly reduction: Reduction;
  /** Whether leaving out any one fault makes it pass; false when there was no time left to find out. */
  readonly minimal: boolean;
  /** How often the whole failed, and what is left. */
  readonly whole: Rate;
  readonly left: Rate;
  readonly plays: number;
}

/** How often the whole is played to know how often it fails. */
const wholePlays = { times: 3, moreTimes: 5 };
/** A story is ended sooner where that saves so much of it. */
const worthIt = 0.8;
/** How often what is left is played at last. */
const lastPlays = { times: 3, moreTimes: 0 };

/** Undefined where it did not fail again, or there was no time to see it fail. */
export async function minimise(given: Minimising): Promise<Minimum | undefined> {
  return await new Minimiser(given).minimise();
}

class Minimiser {
  readonly #given: Minimising;
  #plays = 0;
  #patience = 1;
  /** The last play that failed. */
  #failed: Attempt | undefined;

  constructor(given: Minimising) {
    this.#given = given;
  }

  async minimise(): Promise<Minimum | undefined> {
    const { planned, faults, onSmaller, isStopped } = this.#given;
    const all = reductionOf(faults, planned);
    const whole = await rateOf(() => this.#fails(all), wholePlays);
    if (whole.failed === 0) return undefined;
    this.#patience = patienceFor(whole);
    const { parts, minimal } = await this.#fewer();
    const reduction = await this.#sooner(parts);
    onSmaller(reduction);
    const left = isStopped() ? { failed: 0, plays: 0 } : await rateOf(() => this.#play(reduction), lastPlays);
    return { reduction, minimal, whole, left, plays: this.#plays };
  }

  /** Fewer faults, and shorter ones. */
  async #fewer(): Promise<{ parts: readonly TimedFault[]; minimal: boolean }> {
    const { faults, planned, idle, shortestMs, isOver, onSmaller } = this.#given;
    const fails = async (left: readonly TimedFault[]): Promise<boolean> => {
      const reduction = reductionOf(left, planned);
      const holds = await this.#stillFails(reduction);
      if (holds) onSmaller(reduction);
      return holds;
    };
    // What needs no fault at all is told at once, and what hit nothing is no candidate.
    if (faults.length > 0 && (await fails([]))) return { parts: [], minimal: true };
    const busy = faults.filter(({ id }) => !idle.has(id));
    const from = busy.length > 0 && busy.length < faults.length && (await fails(busy)) ? busy : faults;
    return await shrink(from, {
      fails,
      simpler: (fault) => shorterTimes(fault, shortestMs),
      isSpent: isOver,
    });
  }

  /** A story that is over once the failure can be seen; without any fault, that story has to pass. */
  async #sooner(left: readonly TimedFault[]): Promise<Reduction> {
    const { planned, isOver, shortestMs } = this.#given;
    let reduction = reductionOf(left, planned);
    const { evidentMs, lastedMs = 0 } = this.#failed ?? {};
    const first = evidentMs === undefined ? lastedMs / 2 : evidentMs + Math.max(shortestMs, evidentMs / 4);
    for (
      let end = roundUp(first);
      end < worthIt * lastedMs && end >= shortestMs && !isOver();
      end = roundUp(end / 2.5)
    ) {
      const sooner = { ...reduction, endsAfterMs: end };
      if (!(await this.#stillFails(sooner)) || (await this.#fails({ faults: {}, endsAfterMs: end }))) break;
      reduction = sooner;
      if (evidentMs !== undefined) break;
    }
    return reduction;
  }

  async #stillFails(reduction: Reduction): Promise<boolean> {
    const holds = await stillFails(() => this.#fails(reduction), this.#patience);
    return holds && !this.#given.isOver();
  }

  /** Plays once. Without time nothing fails any more. */
  async #fails(reduction: Reduction): Promise<boolean> {
    return !this.#given.isOver() && (await this.#play(reduction));
  }

  async #play(reduction: Reduction): Promise<boolean> {
    this.#plays += 1;
    const attempt = await this.#given.plays(reduction);
    if (attempt.fails) this.#failed = attempt;
    return attempt.fails;
  }
}
