/** The open files of a process, as Linux counts them, and whether a series of readings is flat. */
import { readdirSync } from 'node:fs';

const mebibyte = 1024 * 1024;
/** What the garbage collector's moods may make of a flat line. */
const slack = { share: 0.1, bytes: 24 * mebibyte } as const;

/** How many files, sockets included, a process has open. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** A series of readings, quarter against quarter. */
export interface Trend {
  readonly secondQuarterMedian: number;
  readonly lastQuarterMedian: number;
  readonly highest: number;
  /** The last quarter is not above the second by more than a tenth and 24 MiB. */
  readonly flat: boolean;
}

/** Compares the quarters of a series; the first is left out, since a program warms up. */
export function trendOf(readings: readonly number[]): Trend {
  const quarter = Math.floor(readings.length / 4);
  if (quarter === 0) throw new Error(`Expected at least four readings, got ${readings.length}`);
  const secondQuarterMedian = median(readings.slice(quarter, 2 * quarter));
  const lastQuarterMedian = median(readings.slice(-quarter));
  return {
    secondQuarterMedian,
    lastQuarterMedian,
    highest: Math.max(...readings),
    flat: lastQuarterMedian <= secondQuarterMedian * (1 + slack.share) + slack.bytes,
  };
}

/** In words, for people. */
export function mib(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [upper = 0, lower = upper] = [sorted[middle], sorted[sorted.length % 2 === 0 ? middle - 1 : middle]];
  return (lower + upper) / 2;
}
