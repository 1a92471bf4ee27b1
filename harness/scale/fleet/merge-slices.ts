/** Slices of a fleet put together: histograms add up without loss, and a second that nobody told of is a gap, not a guess. */
import type { Slice } from '../kinds/fleet.ts';
import { type AddedTimes, addUp } from './encoded-times.ts';

/** Seconds of a slice that are not there. */
export interface Gap {
  readonly slice: number;
  readonly intervals: number;
  /** How many there were to be. */
  readonly of: number;
}

export interface MergedSlices {
  readonly report: AddedTimes;
  readonly late: AddedTimes;
  readonly open: AddedTimes;
  readonly gaps: readonly Gap[];
}

/** `slices` is how many there were to be, each with `intervals` seconds. */
export function mergeSlices(found: readonly Slice[], slices: number, intervals: number): MergedSlices {
  const all = found.flatMap((slice) => slice.intervals);
  const gaps = Array.from({ length: slices }, (_, index) => {
    const seen = new Set(found.find(({ slice }) => slice === index)?.intervals.map((each) => each.index));
    return { slice: index, intervals: intervals - seen.size, of: intervals };
  });
  return {
    report: addUp(all.map(({ report }) => report)),
    late: addUp(all.map(({ late }) => late)),
    open: addUp(found.map(({ open }) => open)),
    gaps: gaps.filter((gap) => gap.intervals > 0),
  };
}
