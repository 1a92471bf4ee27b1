/** Compares rows of the same rounds with each other, and with those of a saved file. */
import type { Random } from 'shaketable-proxy/random';
import type { NamedComparison, Row } from '../bench-result.ts';
import { comparePaired, compareUnpaired } from '../statistics/compare.ts';

/** Two rows and what is compared. */
export interface Pair {
  readonly title: string;
  readonly base: string;
  readonly other: string;
  /** The name of times, where lower is better. */
  readonly of: string;
}

export interface CompareRowsOptions {
  readonly random: Random;
  readonly threshold: number;
}

/** The pairs of which both rows were measured in each round, of which there have to be two. */
export function compareRows(
  rows: readonly Row[],
  pairs: readonly Pair[],
  { random, threshold }: CompareRowsOptions,
): NamedComparison[] {
  return pairs.flatMap((pair) => {
    const [base, other] = [roundsOf(rows, pair.base, pair.of), roundsOf(rows, pair.other, pair.of)];
    if (!base || !other || base.length < 2 || base.length !== other.length) return [];
    const id = `${pair.base} / ${pair.other}`;
    return [
      { id, ...pair, threshold, ...comparePaired(base, other, { random: random.fork(id), threshold }) },
    ];
  });
}

/** Each row beside the saved one of the same id, by all times that both have. */
export function compareWithSaved(
  saved: readonly Row[],
  rows: readonly Row[],
  { random, threshold }: CompareRowsOptions,
): NamedComparison[] {
  return rows.flatMap((row) =>
    Object.keys(row.times).flatMap((of) => {
      const [base, other] = [roundsOf(saved, row.id, of), roundsOf(rows, row.id, of)];
      if (!base || !other) return [];
      const id = `${row.id} / ${of}`;
      const compared = compareUnpaired(base, other, { random: random.fork(id), threshold });
      return [{ id, title: `${row.id}: ${of}`, base: row.id, other: row.id, of, threshold, ...compared }];
    }),
  );
}

function roundsOf(rows: readonly Row[], id: string, of: string): readonly number[] | undefined {
  const row = rows.find((candidate) => candidate.id === id);
  const medians = row?.status === 'measured' ? row.times[of]?.roundMedians : undefined;
  return medians && medians.length > 0 ? medians : undefined;
}
