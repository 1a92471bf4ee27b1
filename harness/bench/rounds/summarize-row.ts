/** From what each round of a row gave to the row. */
import type { Figure, Row, Times } from '../bench-result.ts';
import { deviation, median } from '../statistics/order.ts';
import { summarizeTimes } from '../statistics/times.ts';

/** What one round of one row gave. */
export interface Take {
  /** Durations by name, ms. */
  readonly times: Readonly<Record<string, readonly number[]>>;
  /** Counts and rates by name. */
  readonly figures: Readonly<Record<string, number>>;
  /** What went wrong where nothing should have, a sentence each. */
  readonly failures: readonly string[];
  /** Why its figures mean nothing, a sentence each. */
  readonly doubts: readonly string[];
  /** What a reader has to know of them, a sentence each. */
  readonly remarks?: readonly string[];
}

/** Puts the rounds of a row together; `units` has the unit of each figure. */
export function summarizeRow(
  id: string,
  takes: readonly Take[],
  units: Readonly<Record<string, string>>,
): Row {
  const failures = distinct(takes.flatMap((take) => take.failures));
  const doubts = distinct(takes.flatMap((take) => take.doubts));
  return {
    id,
    status: failures.length > 0 ? 'failed' : doubts.length > 0 ? 'void' : 'measured',
    reasons: [...failures, ...doubts, ...distinct(takes.flatMap((take) => take.remarks ?? []))],
    times: timesOf(takes),
    figures: figuresOf(takes, units),
  };
}

function timesOf(takes: readonly Take[]): Record<string, Times> {
  const names = distinct(takes.flatMap((take) => Object.keys(take.times)));
  const times = names.map(
    (name) => [name, summarizeTimes(takes.map((take) => take.times[name] ?? []))] as const,
  );
  return Object.fromEntries(times.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function figuresOf(takes: readonly Take[], units: Readonly<Record<string, string>>): Record<string, Figure> {
  const names = distinct(takes.flatMap((take) => Object.keys(take.figures)));
  return Object.fromEntries(
    names.map((name) => {
      const rounds = takes.map((take) => take.figures[name]).filter((value) => value !== undefined);
      const unit = units[name];
      if (unit === undefined) throw new RangeError(`Expected a unit for ${name}`);
      return [name, { unit, median: median(rounds), deviation: deviation(rounds), rounds }];
    }),
  );
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)];
