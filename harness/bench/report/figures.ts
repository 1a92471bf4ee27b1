/** What stands in a cell of a table, and how a comparison reads; the same in text and Markdown. */
import type { Column, NamedComparison, Row, Table, WorkloadResult } from '../bench-result.ts';

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

/** What a control says: within which differences mean nothing. */
export function controlInWords(control: NamedComparison): string {
  const [low, high] = control.interval;
  const calm = control.decision === 'equal' || control.decision === 'undecided';
  const verdict = calm
    ? `${control.decision}`
    : `${control.decision}, which it cannot be: the machine is too restless`;
  return `${control.title}: ${ratioInWords(control)}, ${verdict}. Differences within ${percent(Math.max(high - 1, 1 - low))} mean nothing here.`;
}

function fixed(value: number, digits: number): string {
  if (Math.abs(value) >= 10_000) return `${(value / 1_000).toFixed(1)}k`;
  return value.toFixed(Math.abs(value) >= 100 ? Math.min(digits, 1) : digits);
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
