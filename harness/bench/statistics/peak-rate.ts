/** How many events there were in the busiest second. */

const secondMs = 1_000;

/** Of moments in any order, ms: the most that any window of one second has. */
export function peakPerSecond(moments: Iterable<number>): number {
  const sorted = Float64Array.from(moments).sort();
  let [first, peak] = [0, 0];
  for (const [last, moment] of sorted.entries()) {
    while (moment - (sorted[first] ?? moment) >= secondMs) first += 1;
    peak = Math.max(peak, last - first + 1);
  }
  return peak;
}
