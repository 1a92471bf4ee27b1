/** Moments in a row: which belong together, how far apart the groups are, and how regularly they come. */

/** What can be said of the moments of one kind of event. */
export interface Series {
  /** Groups of moments that are close to each other, in order of time. */
  readonly groups: readonly (readonly number[])[];
  /** Moments of a group, the median. */
  readonly size: number;
  /** From the beginning of one group to that of the next, ms. */
  readonly gaps: readonly number[];
  /** The median of the gaps, or their mean where the clock is coarse; missing for less than two. */
  readonly periodMs?: number;
  /** Half of the gaps lie in a range of this share of the period; 0 is a clock. */
  readonly jitter?: number;
}

/** Closer than this, two moments belong together whatever the others do. */
const closeMs = 250;
/** The step of the clock of many logs. */
const clockMs = 1_000;
/** How much longer the gaps between groups are than those within. */
const leastRatio = 4;

/** Groups the moments (ms, in any order). */
export function seriesOf(moments: readonly number[]): Series {
  const times = moments.toSorted((a, b) => a - b);
  const within = longestWithin(times.slice(1).map((t, index) => t - (times[index] ?? t)));
  const groups: number[][] = [];
  for (const t of times) {
    const last = groups.at(-1);
    if (last !== undefined && t - (last.at(-1) ?? t) <= within) last.push(t);
    else groups.push([t]);
  }
  const starts = groups.map(([first = 0]) => first);
  const gaps = starts.slice(1).map((t, index) => t - (starts[index] ?? t));
  const size = median(groups.map((group) => group.length)) ?? 0;
  if (gaps.length < 2) return { groups, size, gaps };
  const jitterMs = spread(gaps);
  if (Math.max(...gaps) - Math.min(...gaps) <= clockMs && gaps.every((gap) => gap % clockMs === 0)) {
    // A log that counts whole seconds makes each gap longer or shorter by one: together they are right.
    const meanMs = ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / gaps.length;
    return { groups, size, gaps, periodMs: meanMs, jitter: 0 };
  }
  const periodMs = median(gaps) ?? 0;
  return { groups, size, gaps, periodMs, jitter: jitterMs / Math.max(1, periodMs) };
}

/** The longest gap within a group: below the widest step between short gaps and long ones, if there is one. */
function longestWithin(gaps: readonly number[]): number {
  const sorted = gaps.toSorted((a, b) => a - b);
  let longest = closeMs;
  let widest = leastRatio;
  for (const [index, gap] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next === undefined) break;
    const ratio = Math.max(next, 1) / Math.max(gap, 20);
    const upper = sorted.length - index - 1;
    // A long pause in a regular row parts nothing; neither do two rows that merely differ.
    if (ratio < widest || next <= closeMs || gap > 5_000 || (upper < 2 && index > 3)) continue;
    widest = ratio;
    longest = Math.max(closeMs, gap);
  }
  return longest;
}

/** The middle value; undefined for none. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** From the first quarter to the third. */
function spread(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return at(0.75) - at(0.25);
}
