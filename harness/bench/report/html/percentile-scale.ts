/**
 * The axis of percentiles: each nine takes as much room as the one before, so that 99.9 is as far from 99 as that from 90.
 * A share of 0 stands at the left edge, a share of 1 would be infinitely far away.
 */

/** A place on the axis, with what stands there. */
export interface PercentileTick {
  /** 0 to 1 from the left edge. */
  readonly x: number;
  readonly label: string;
}

/** Nines at most: more than a million values are no longer told apart. */
const mostNines = 6;

/** How many nines `count` values reach: the last of a thousand is the 99.9th percentile. At least one. */
export function ninesOf(count: number): number {
  return Math.min(mostNines, Math.max(1, Math.log10(Math.max(1, count))));
}

/** Where a share (0 to 1) stands on an axis of so many nines, 0 to 1. */
export function placeOfShare(share: number, nines: number): number {
  const reached = -Math.log10(Math.max(1 - share, 10 ** -mostNines));
  return Math.min(1, Math.max(0, reached / nines));
}

/** The share that stands at `place`, the inverse. */
export const shareAt = (place: number, nines: number): number => 1 - 10 ** (-place * nines);

/** 0, 50, 90, 99, 99.9 and so on, as far as the axis goes. */
export function percentileTicks(nines: number): PercentileTick[] {
  const percents = [
    0,
    50,
    ...Array.from({ length: Math.floor(nines + 1e-9) }, (_, index) => nineOf(index + 1)),
  ];
  return percents.map((percent) => ({ x: placeOfShare(percent / 100, nines), label: String(percent) }));
}

/** 90, 99, 99.9 …: rounded, since 100 - 0.1 is no 99.9 in binary. */
const nineOf = (nines: number): number => Number((100 - 10 ** (2 - nines)).toFixed(mostNines));
