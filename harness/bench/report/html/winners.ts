/**
 * Which row of several is the fastest, if that is decided: it has to beat each other one by the rounds that both share, as
 * comparisons of the benchmark do. The smallest figure alone wins nothing.
 */
import type { Random } from 'shaketable-proxy/random';
import type { Row } from '../../bench-result.ts';
import { comparePaired, type Decision } from '../../statistics/compare.ts';

/** What there is to say of the fastest. */
export interface Contest {
  /** Id of the row that is faster than all others by more than the threshold. */
  readonly winner?: string;
  /** Why there is none: what the row with the smallest median was not told apart from, ids; it comes first. */
  readonly undecided: readonly string[];
}

export interface ContestOptions {
  /** The name of times, where lower is better. */
  readonly of: string;
  readonly threshold: number;
  readonly random: Random;
}

/** Rows that were not measured take no part. */
export function contestOf(rows: readonly Row[], { of, threshold, random }: ContestOptions): Contest {
  const runners = rows
    .filter(({ status, times }) => status === 'measured' && times[of] !== undefined)
    .toSorted((one, other) => p50Of(one, of) - p50Of(other, of));
  const [first, ...others] = runners;
  if (!first || others.length === 0) return { undecided: [] };
  const beaten = (other: Row): boolean =>
    decisionOf(first, other, of, { threshold, random: random.fork(other.id) }) === 'regression';
  const unbeaten = others.filter((other) => !beaten(other)).map(({ id }) => id);
  return unbeaten.length === 0 ? { winner: first.id, undecided: [] } : { undecided: [first.id, ...unbeaten] };
}

const p50Of = (row: Row, of: string): number => row.times[of]?.p50 ?? Number.POSITIVE_INFINITY;

/** Rounds can only be put beside each other where both rows have a median of each. */
function decisionOf(
  base: Row,
  other: Row,
  of: string,
  options: { readonly threshold: number; readonly random: Random },
): Decision {
  const [one, two] = [base.times[of]?.roundMedians ?? [], other.times[of]?.roundMedians ?? []];
  if (one.length !== two.length || one.length === 0) return 'undecided';
  return comparePaired(one, two, options).decision;
}
