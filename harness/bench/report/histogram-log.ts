/**
 * Every histogram of a benchmark as a log of HdrHistogram's format 1.3, which its other tools read and plot. One line each;
 * the tag is workload, row and name. Values are microseconds.
 */
import type { BenchResult, Row } from '../bench-result.ts';

/** The text of the `.hlog` file. */
export function toHistogramLog(bench: BenchResult): string {
  const seconds = Date.parse(bench.startedAt) / 1_000;
  const lines = bench.workloads.flatMap(({ name, rows, durationMs }) =>
    rows.flatMap((row) => linesOf(name, row, durationMs)),
  );
  const head = [
    `#[${bench.id}, shaketable ${bench.versions.shaketable ?? ''}]`,
    '#[Histogram log format version 1.3]',
    `#[StartTime: ${seconds.toFixed(3)} (seconds since epoch), ${bench.startedAt}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
  ];
  return `${[...head, ...lines].join('\n')}\n`;
}

function linesOf(workload: string, row: Row, durationMs: number): string[] {
  return Object.entries(row.times).map(([of, { max, histogram }]) => {
    const interval = (durationMs / 1_000).toFixed(3);
    return `Tag=${tagOf(`${workload} ${row.id} ${of}`)},0.000,${interval},${(max * 1_000).toFixed(3)},${histogram}`;
  });
}

/** A tag ends at the first comma or blank. */
const tagOf = (text: string): string => text.replaceAll(/[\s,]+/g, '_');
