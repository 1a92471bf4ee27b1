/** Which rows share a chart: those of a column of the matrix, and the others by themselves. */
import type { Row, WorkloadResult } from '../../bench-result.ts';
import { looks } from './series.ts';

/** Rows of one chart, with the short name of each and how it looks. */
export interface ChartGroup {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly look: number; readonly row: Row }[];
}

/**
 * Groups of the rows that were measured and have times called `of`; none has more rows than can be told apart. A line of
 * the matrix looks the same in each chart, whichever of its rows are missing.
 */
export function chartGroups(workload: WorkloadResult, of: string): ChartGroup[] {
  const placeOf = (row: Row) => workload.matrix?.cells.find((cell) => cell.row === row.id);
  const lines = [...new Set(workload.matrix?.cells.map(({ line }) => line))];
  const byColumn = Map.groupBy(workload.rows, (row) => placeOf(row)?.column ?? elsewhere(workload));
  return [...byColumn].flatMap(([title, members]) => {
    const rows = members.map((row, index) => {
      const line = placeOf(row)?.line;
      return { row, name: line ?? row.id, look: line === undefined ? index : lines.indexOf(line) };
    });
    return chunks(rows)
      .map((part) => part.filter(({ row }) => row.status === 'measured' && row.times[of] !== undefined))
      .filter((part) => part.length > 0)
      .map((part) => ({ title, rows: part }));
  });
}

const elsewhere = ({ matrix }: WorkloadResult): string => (matrix ? 'others' : '');

function chunks<T>(values: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(values.length / looks) }, (_, index) =>
    values.slice(index * looks, (index + 1) * looks),
  );
}
