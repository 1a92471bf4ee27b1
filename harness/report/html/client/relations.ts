/**
 * What a thing on the axis has to do with faults: the strikes that struck it, or what a strike or a whole fault struck.
 */
import { barsOf } from '../lane-columns.ts';
import type { AxisData } from '../packed-lanes.ts';
import { strikesOn, struckByAny } from '../strike-table.ts';

/** Numbers of entries. */
export interface Relations {
  readonly strikes: readonly number[];
  readonly struck: readonly number[];
}

/** The relations of what stands for the entries `numbers`. */
export function relationsOf(numbers: readonly number[], { lanes, strikes: table }: AxisData): Relations {
  const fault = lanes.find((lane) =>
    barsOf(lane, 'fault').some(({ entries }) => numbers.every((n) => entries.includes(n))),
  );
  if (fault !== undefined) {
    const strikes = [...fault.marks.entries.numbers];
    return { strikes, struck: struckByAny(table, new Set(strikes)) };
  }
  const strikes = [...new Set(numbers.flatMap((n) => strikesOn(table, n)))];
  return { strikes, struck: struckByAny(table, new Set(numbers)) };
}
