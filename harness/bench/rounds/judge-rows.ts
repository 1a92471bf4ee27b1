/** What rows that were taken in the same rounds say: some beside others, and the control beside the row that it repeats. */
import type { NamedComparison, Row } from '../bench-result.ts';
import type { BenchContext, Measured } from '../workload.ts';
import { compareRows, type Pair } from './compare-rows.ts';

/** A row that is taken twice in each round; `again` is the id of the second, which is no row of the result. */
export interface Control {
  readonly id: string;
  readonly again: string;
  /** The times that both are compared by. */
  readonly of: string;
}

/** Compares as the benchmark was told to, each time by the same draws. */
export const comparing =
  ({ random, threshold }: Pick<BenchContext, 'random' | 'threshold'>) =>
  (rows: readonly Row[], pairs: readonly Pair[]): NamedComparison[] =>
    compareRows(rows, pairs, { random: random.fork('compare'), threshold });

export function judgeRows(
  rows: readonly Row[],
  { id, again, of }: Control,
  pairs: readonly Pair[],
  context: Pick<BenchContext, 'random' | 'threshold'>,
): Pick<Measured, 'rows' | 'comparisons' | 'control'> {
  const compare = comparing(context);
  const [control] = compare(rows, [{ base: id, other: again, of, title: 'the same row twice' }]);
  return {
    rows: rows.filter((row) => row.id !== again),
    comparisons: compare(rows, pairs),
    ...(control ? { control } : {}),
  };
}
