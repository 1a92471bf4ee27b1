/**
 * What a thing on the axis has to do with faults: the strikes that struck it, or what a strike or a whole fault struck.
 */
import type { Lanes } from './journal.ts';

/** Numbers of entries. */
export interface Relations {
  readonly strikes: readonly number[];
  readonly struck: readonly number[];
}

/** The relations of what stands for the entries `numbers`. */
export function relationsOf(numbers: readonly number[], { lanes, strikesOn, struckBy }: Lanes): Relations {
  const fault = lanes.find(({ bars }) =>
    bars.some(({ look, entries }) => look === 'fault' && numbers.every((n) => entries.includes(n))),
  );
  if (fault !== undefined) {
    const strikes = fault.marks.flatMap(({ entries }) => entries);
    return { strikes, struck: strikes.flatMap((n) => struckBy.get(n) ?? []) };
  }
  const strikes = [...new Set(numbers.flatMap((n) => strikesOn.get(n) ?? []))];
  return { strikes, struck: numbers.flatMap((n) => struckBy.get(n) ?? []) };
}
