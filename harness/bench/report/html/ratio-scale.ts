/** The axis of ratios: logarithmic, so that twice as much and half as much are equally far from the same. */

/** A place on the axis, with what stands there. */
export interface RatioTick {
  /** 0 to 1 from the left edge. */
  readonly x: number;
  readonly label: string;
}

export interface RatioScale {
  readonly ticks: readonly RatioTick[];
  /** Where a ratio stands, 0 to 1; what lies beyond stands at the edge. */
  place(ratio: number): number;
}

/** Further than this no axis goes: what lies beyond is drawn at its edge. */
const furthest = 100;
/** Room beside the outermost value. */
const margin = 1.06;
const candidates: readonly (readonly number[])[] = [
  [0.96, 0.98, 1, 1.02, 1.04],
  [0.9, 0.95, 1, 1.05, 1.1],
  [0.8, 0.9, 1, 1.1, 1.25],
  [0.5, 0.7, 1, 1.4, 2],
  [0.25, 0.5, 1, 2, 4],
  [0.1, 0.2, 0.5, 1, 2, 5, 10],
  [0.01, 0.1, 1, 10, 100],
];

/** A scale with room for all `ratios`, and for 1. */
export function ratioScale(ratios: readonly number[]): RatioScale {
  const usable = [1, ...ratios].filter((ratio) => ratio > 0 && Number.isFinite(ratio));
  const low = Math.max(1 / furthest, Math.min(...usable) / margin);
  const high = Math.min(furthest, Math.max(...usable) * margin);
  const span = Math.log(high / low);
  const place = (ratio: number): number => Math.min(1, Math.max(0, Math.log(ratio / low) / span));
  const ticks = candidates.findLast(
    (values) => values.filter((value) => value >= low && value <= high).length >= 3,
  ) ?? [0.5, 1, 2];
  return {
    place,
    ticks: ticks
      .filter((value) => value >= low && value <= high)
      .map((value) => ({ x: place(value), label: `×${value}` })),
  };
}
