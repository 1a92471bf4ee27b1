/** Figures that go by the order of values, which a few slow ones do not move. */

/** The middle of the values; the mean of the two middle ones when their number is even. */
export function median(values: readonly number[]): number {
  return medianOfAscending(Float64Array.from(values).sort());
}

/** The same of values that ascend. */
export function medianOfAscending(sorted: Float64Array): number {
  return (at(sorted, (sorted.length - 1) / 2) + at(sorted, sorted.length / 2)) / 2;
}

/** Median absolute deviation: half of the values are no further from the median than this. */
export function deviation(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}

/** The value that a `share` (0 to 1) of them do not exceed, by the nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  return quantileOfAscending(Float64Array.from(values).sort(), share);
}

/** The same of values that ascend. */
export function quantileOfAscending(sorted: Float64Array, share: number): number {
  return at(sorted, Math.max(0, Math.ceil(share * sorted.length) - 1));
}

function at(values: Float64Array, index: number): number {
  const value = values[Math.floor(index)];
  if (value === undefined) throw new RangeError('Expected at least one value');
  return value;
}
