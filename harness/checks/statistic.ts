/**
 * One figure out of many: the median of a duration, the largest buffer, the last of a series of samples.
 */
import * as z from 'zod';
import type { Entry } from '../journal/entry.ts';
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { type Bounds, describeBounds, figure, keepsTo } from './bounds.ts';
import { defineCheck, finding, nothingToJudge, type Scope, within } from './check.ts';
import { bounds, fewest, fieldName, matcher, scope, text } from './params.ts';

/** Parameters of {@link statistic}. */
export interface StatisticParams extends Bounds, Scope {
  readonly of: Matcher;
  /** A numeric field. */
  readonly field: string;
  /** Which figure of the series; `growth` is the last value less the first. */
  readonly take: 'max' | 'min' | 'median' | 'mean' | 'last' | 'growth';
  readonly unit?: string;
  /** How many values there have to be. @default 1 */
  readonly fewest?: number;
}

/** Passes when the chosen figure of `field` keeps to the bounds. */
export const statistic = defineCheck<StatisticParams>(
  'statistic',
  {
    of: matcher,
    field: fieldName,
    take: z.enum(['max', 'min', 'median', 'mean', 'last', 'growth']),
    unit: text.optional(),
    fewest,
    ...bounds,
    ...scope,
  },
  { of: ['field'] },
  (entries, params) => {
    const { field, take, unit, fewest = 1 } = params;
    const expected = `${take} ${describeBounds(params, unit)}`;
    const found = select(within(entries, params) ?? [], params.of).filter(
      (entry) => typeof valueAt(entry, field) === 'number',
    );
    if (found.length < fewest)
      return nothingToJudge(expected, `${found.length} values seen, ${fewest} needed`);
    const value = figures[take](found.map((entry) => Number(valueAt(entry, field))));
    const measured = `${take} ${figure(value, unit)} of ${found.length}`;
    return finding(keepsTo(value, params), measured, expected, extremes(found, field, take), value);
  },
);

const figures: Record<StatisticParams['take'], (values: number[]) => number> = {
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  median: (values) => {
    const sorted = values.toSorted((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1
      ? (sorted[middle] ?? 0)
      : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  },
  last: (values) => values.at(-1) ?? 0,
  growth: (values) => (values.at(-1) ?? 0) - (values[0] ?? 0),
};

function extremes(entries: readonly Entry[], field: string, take: StatisticParams['take']): Entry[] {
  if (take === 'growth') return [entries[0], entries.at(-1)].filter((entry) => entry !== undefined);
  if (take === 'last') return entries.slice(-1);
  const sorted = entries.toSorted((a, b) => Number(valueAt(b, field)) - Number(valueAt(a, field)));
  return take === 'min' ? sorted.slice(-5) : sorted.slice(0, 5);
}
