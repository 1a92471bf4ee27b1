/**
 * Makes a schedule that fails as small as it gets: fewer faults (delta debugging, Zeller and Hildebrandt 2002), then simpler values and
 * rounder times (as fast-check shrinks integers: by halves towards the simplest), then each fault left out by itself, which delta
 * debugging may have missed. What is left is a minimum: without any one of its faults it does not fail.
 */
import type { Schedule, ScheduledFault } from './schedule.ts';
import { simplerFaults } from './simplify.ts';

/** Whether a schedule still fails in the way that is being looked for. */
export type Fails = (schedule: Schedule) => Promise<boolean>;

/** What shrinking came to. */
export interface Shrunk {
  readonly schedule: Schedule;
  /** How many schedules were played for it. */
  readonly executions: number;
  /** Whether leaving out any one fault makes it pass; false when there was no budget left to find out. */
  readonly minimal: boolean;
}

/** What bounds it: so many executions, in a storm that lasts so long. */
export interface ShrinkBounds {
  readonly budget: number;
  readonly stormMs: number;
}

/** Shrinks `schedule`, which fails. */
export async function shrink(
  schedule: Schedule,
  fails: Fails,
  { budget, stormMs }: ShrinkBounds,
): Promise<Shrunk> {
  const attempts = new Attempts(fails, budget);
  let { faults } = schedule;
  for (let before = ''; before !== keyOf(faults) && !attempts.spent; ) {
    before = keyOf(faults);
    faults = await fewer(faults, attempts);
    faults = await simpler(faults, stormMs, attempts);
    faults = await withoutEach(faults, attempts);
  }
  return { schedule: { faults }, executions: attempts.executions, minimal: !attempts.spent };
}

/** What was tried is not tried again. */
class Attempts {
  readonly #fails: Fails;
  readonly #budget: number;
  readonly #known = new Map<string, boolean>();
  executions = 0;

  constructor(fails: Fails, budget: number) {
    this.#fails = fails;
    this.#budget = budget;
  }

  get spent(): boolean {
    return this.executions >= this.#budget;
  }

  /** Without budget nothing fails any more. */
  async fail(faults: readonly ScheduledFault[]): Promise<boolean> {
    const key = keyOf(faults);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.spent) return false;
    this.executions += 1;
    const failed = await this.#fails({ faults });
    this.#known.set(key, failed);
    return failed;
  }
}

const keyOf = (faults: readonly ScheduledFault[]): string => JSON.stringify(faults);

/** Delta debugging: parts alone, then without parts, then smaller parts. */
async function fewer(
  given: readonly ScheduledFault[],
  attempts: Attempts,
): Promise<readonly ScheduledFault[]> {
  let faults = given;
  let parts = 2;
  while (faults.length >= 2) {
    const found = await smallerOf(faults, parts, attempts);
    if (found !== undefined) {
      parts = Math.max(2, found.parts);
      faults = found.faults;
    } else if (parts >= faults.length) break;
    else parts = Math.min(faults.length, parts * 2);
  }
  return faults.length === 1 && (await attempts.fail([])) ? [] : faults;
}

async function smallerOf(
  faults: readonly ScheduledFault[],
  parts: number,
  attempts: Attempts,
): Promise<{ faults: readonly ScheduledFault[]; parts: number } | undefined> {
  const chunks = chunksOf(faults, parts);
  for (const chunk of chunks) if (await attempts.fail(chunk)) return { faults: chunk, parts: 2 };
  if (parts === 2) return undefined;
  for (const chunk of chunks) {
    const rest = faults.filter((fault) => !chunk.includes(fault));
    if (await attempts.fail(rest)) return { faults: rest, parts: parts - 1 };
  }
  return undefined;
}

function chunksOf<T>(all: readonly T[], count: number): T[][] {
  const size = all.length / count;
  const cut = (index: number): number => Math.round(index * size);
  return Array.from({ length: count }, (_, index) => all.slice(cut(index), cut(index + 1))).filter(
    (chunk) => chunk.length > 0,
  );
}

/** Each fault as simple as it still fails with. */
async function simpler(
  given: readonly ScheduledFault[],
  stormMs: number,
  attempts: Attempts,
): Promise<readonly ScheduledFault[]> {
  let faults = given;
  for (let index = 0; index < faults.length; index += 1) {
    for (let again = true; again; ) {
      again = false;
      for (const candidate of simplerFaults(faults[index] as ScheduledFault, stormMs)) {
        const changed = faults.with(index, candidate);
        if (!(await attempts.fail(changed))) continue;
        faults = changed;
        again = true;
        break;
      }
    }
  }
  return faults;
}

/** One by one, however few there are. */
async function withoutEach(
  given: readonly ScheduledFault[],
  attempts: Attempts,
): Promise<readonly ScheduledFault[]> {
  let faults = given;
  for (let index = 0; index < faults.length; ) {
    const rest = faults.toSpliced(index, 1);
    if (await attempts.fail(rest)) faults = rest;
    else index += 1;
  }
  return faults;
}
