/**
 * Whether values differ (the jitter of a back-off, the keys of operations) or agree (one outcome in each environment).
 */
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { type Bounds, describeBounds, figure, keepsTo } from './bounds.ts';
import { defineCheck, finding, nothingToJudge, type Scope, within } from './check.ts';
import { bounds, fewest, fieldName, matcher, scope } from './params.ts';

/** Parameters of {@link distinct}. */
export interface DistinctParams extends Bounds, Scope {
  readonly of: Matcher;
  /** The field whose different values are counted. */
  readonly field: string;
  /** How many entries there have to be before the count means anything. @default 1 */
  readonly fewest?: number;
}

/** Passes when the number of different values of `field` keeps to the bounds. */
export const distinct = defineCheck<DistinctParams>(
  'distinct',
  { of: matcher, field: fieldName, fewest, ...bounds, ...scope },
  { of: ['field'] },
  (entries, params) => {
    const { field, fewest = 1 } = params;
    const expected = `${describeBounds(params)} different`;
    const found = select(within(entries, params) ?? [], params.of);
    if (found.length < fewest) return nothingToJudge(expected, `${found.length} seen, ${fewest} needed`);
    const values = new Set(found.map((entry) => JSON.stringify(valueAt(entry, field) ?? null)));
    const sample = [...values].slice(0, 4).join(', ');
    const measured = `${figure(values.size)} different in ${found.length} (${sample}${values.size > 4 ? ', …' : ''})`;
    return finding(keepsTo(values.size, params), measured, expected, found, values.size);
  },
);
