/**
 * Which scenarios take notably longer or shorter than they did. Only ratios count, beside what is usual between the two runs: a
 * busier machine slows all of them, and that is one fact, not sixty.
 */
import type { PastScenario } from './past-run.ts';

export interface Durations {
  /** The median of all ratios, later to earlier; 1 where both runs went equally fast. */
  readonly usualRatio: number;
  /** Scenarios beyond {@link tolerance} times the usual ratio, the farthest first. */
  readonly notable: readonly DurationChange[];
}

export interface DurationChange {
  readonly id: string;
  /** Wall-clock milliseconds. */
  readonly beforeMs: number;
  readonly afterMs: number;
  /** Later to earlier, as they were measured. */
  readonly ratio: number;
}

/** How many times as long or as short as usual is notable. */
export const tolerance = 1.5;

/** Added to both durations, in milliseconds: below this a ratio is the noise of starting things. */
const grainMs = 250;

/** Fewer scenarios than this have no usual ratio. */
const fewest = 3;

/** Compares the scenarios that both runs have; `earlier` is by id. */
export function compareDurations(
  earlier: ReadonlyMap<string, PastScenario>,
  later: readonly PastScenario[],
): Durations {
  const all = later.flatMap(({ id, durationMs }) => {
    const before = earlier.get(id);
    if (before === undefined) return [];
    const ratio = round(durationMs / Math.max(1, before.durationMs));
    const distance = (durationMs + grainMs) / (before.durationMs + grainMs);
    return [{ id, beforeMs: before.durationMs, afterMs: durationMs, ratio, distance }];
  });
  const usual = all.length < fewest ? 1 : median(all.map(({ distance }) => distance));
  const far = all
    .map(({ distance, ...change }) => ({ change, times: Math.abs(Math.log(distance / usual)) }))
    .filter(({ times }) => times >= Math.log(tolerance))
    .toSorted((a, b) => b.times - a.times);
  return { usualRatio: round(usual), notable: far.map(({ change }) => change) };
}

/** Whether one run as a whole was notably slower or faster than the other. */
export const isNotable = (ratio: number): boolean => Math.abs(Math.log(ratio)) >= Math.log(tolerance);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 1, high = low] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}

const round = (ratio: number): number => Math.round(ratio * 100) / 100;
