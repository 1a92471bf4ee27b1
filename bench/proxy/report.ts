/** The figures as a table for people and as JSON for programs. */
import { cpus } from 'node:os';
import { type GoalOutcome, judge, type Rounds } from './goals.ts';
import type { Measure } from './measures.ts';
import { deviation, median } from './statistics.ts';

/** A figure of a measure on a subject, over all rounds. */
interface Line {
  readonly measure: string;
  readonly figure: string;
  readonly unit: string;
  readonly subject: string;
  readonly median: number;
  /** Median absolute deviation. */
  readonly noise: number;
  readonly values: readonly number[];
}

/** All that a run found. */
export interface Report {
  readonly node: string;
  readonly processors: string;
  readonly skipped: readonly string[];
  readonly lines: readonly Line[];
  readonly goals: readonly GoalOutcome[];
}

export function createReport(
  measures: readonly Measure[],
  results: ReadonlyMap<string, Rounds>,
  skipped: readonly string[],
): Report {
  const lines = measures.flatMap(({ name, units }) =>
    [...(results.get(name) ?? [])].flatMap(([subject, rounds]) =>
      Object.entries(units).map(([figure, unit]) => {
        const values = rounds.map((figures) => figures[figure] ?? Number.NaN);
        return {
          measure: name,
          figure,
          unit,
          subject,
          median: median(values),
          noise: deviation(values),
          values,
        };
      }),
    ),
  );
  const processors = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
  return { node: process.version, processors, skipped, lines, goals: judge(results) };
}

/** For a terminal, 100 columns wide. */
export function formatReport({ node, processors, skipped, lines, goals }: Report): string {
  const figures = lines.map(({ measure, figure, subject, median, noise, unit }) =>
    [
      `${measure} ${figure}`.padEnd(24),
      subject.padEnd(20),
      short(median).padStart(10),
      `± ${short(noise)}`.padStart(12),
      ` ${unit}`,
    ].join(''),
  );
  const verdicts = goals.map(({ text, ratio, noise, bound, reached }) =>
    [
      text.padEnd(54),
      ratio.toFixed(2).padStart(6),
      `± ${noise.toFixed(2)}`.padStart(8),
      `  ${bound.padEnd(6)}`,
      reached ? '  reached' : '  MISSED',
    ].join(''),
  );
  return [
    `Node ${node}, ${processors}; medians and median absolute deviations`,
    ...skipped.map((reason) => `Left out: ${reason}`),
    '',
    ...figures,
    '',
    ...verdicts,
  ].join('\n');
}

function short(value: number): string {
  if (Math.abs(value) >= 1_000) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 3);
}
