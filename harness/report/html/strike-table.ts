/**
 * Who struck whom, by columns, to be asked from both sides.
 */
import { listAt, listsOf, type NumberLists } from './number-lists.ts';
import type { Struck } from './strikes.ts';

export interface StrikeTable {
  /** The numbers of struck entries, in order. */
  readonly struck: Uint32Array;
  /** For each of them the numbers of the strikes. */
  readonly strikes: NumberLists;
}

export function strikeTable(struck: Struck): StrikeTable {
  const rows = [...struck].toSorted(([a], [b]) => a - b);
  return {
    struck: Uint32Array.from(rows, ([n]) => n),
    strikes: listsOf(rows.map(([, strikes]) => strikes)),
  };
}

/** The strikes on entry `n`. */
export function strikesOn({ struck, strikes }: StrikeTable, n: number): number[] {
  let [low, high] = [0, struck.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((struck[middle] ?? 0) < n) low = middle + 1;
    else high = middle;
  }
  return struck[low] === n ? listAt(strikes, low) : [];
}

/** The entries that these strikes struck, in order. */
export function struckByAny({ struck, strikes }: StrikeTable, which: ReadonlySet<number>): number[] {
  const { starts, numbers } = strikes;
  return [
    ...struck.filter((_, index) =>
      numbers.subarray(starts[index], starts[index + 1]).some((n) => which.has(n)),
    ),
  ];
}
