/** What stands in a cell of a table, and how a comparison reads; the same in text and Markdown. */
import type { RunOutcome } from '../../report/run-result.ts';
import type { Column, NamedComparison, Row, Table, WorkloadResult } from '../bench-result.ts';

/** What an outcome of a benchmark means. */
export const outcomeMeanings: Readonly<Record<RunOutcome, string>> = Object.freeze({
  expected: 'everything was measured',
  unexpected: 'a row failed, or something became slower',
  inconclusive: 'a row is void, the control is restless, or a comparison is undecided',
});

/** Decisions of times, where less is better. */
export const decisionWords: Readonly<Record<NamedComparison['decision'], string>> = Object.freeze({
  regression: 'slower',
  improvement: 'faster',
  equal: 'equal',
  undecided: 'undecided',
});

/** The figure of a column, `–` where the row has none. */
export function cellOf(row: Row, { of, take, digits }: Column): string {
  const times = row.times[of];
  const value = take === undefined ? row.figures[of]?.median : times?.[take];
  return value === undefined ? '–' : fixed(value, digits);
}

/** The rows of a table. */
export function rowsOf(
  { rows }: Pick<WorkloadResult, 'rows'>,
  { rows: beginning = '' }: Table,
): readonly Row[] {
  return rows.filter(({ id }) => id.startsWith(beginning));
}

/** `×0.62 (0.60–0.64)`: the ratio with its interval. */
export function ratioInWords({ ratio, interval: [low, high] }: NamedComparison): string {
  return `×${fixed(ratio, 2)} (${fixed(low, 2)}–${fixed(high, 2)})`;
}

/** Whether a control finds a difference where there is none, so that its workload's differences mean nothing. */
export const isRestless = (control: NamedComparison | undefined): boolean =>
  control?.decision === 'regression' || control?.decision === 'improvement';

/** The ratio beyond which a difference of a workload counts; all its comparisons share it. */
export const thresholdOf = ({
  comparisons: [first],
  control,
}: Pick<WorkloadResult, 'comparisons' | 'control'>): number =>
  first?.threshold ?? control?.threshold ?? usualThreshold;

const usualThreshold = 0.05;

/** What a control says: within which differences mean nothing. */
export function controlInWords(control: NamedComparison): string {
  const [low, high] = control.interval;
  const verdict = isRestless(control)
    ? `${control.decision}, which it cannot be: the machine is too restless`
    : control.decision;
  return `${control.title}: ${ratioInWords(control)}, ${verdict}. Differences within ${percent(Math.max(high - 1, 1 - low))} mean nothing here.`;
}

function fixed(value: number, digits: number): string {
  if (Math.abs(value) >= 10_000) return `${(value / 1_000).toFixed(1)}k`;
  return value.toFixed(Math.abs(value) >= 100 ? Math.min(digits, 1) : digits);
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
