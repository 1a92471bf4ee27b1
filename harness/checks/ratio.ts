/**
 * How much of one thing for each of another: handshakes per request, successes per attempt.
 */
import { type Matcher, select } from '../journal/matcher.ts';
import { type Bounds, describeBounds, figure, keepsTo } from './bounds.ts';
import { defineCheck, finding, nothingToJudge, type Scope, within } from './check.ts';
import { bounds, fewest, matcher, scope, text } from './params.ts';

/** Parameters of {@link ratio}. */
export interface RatioParams extends Bounds, Scope {
  readonly of: Matcher;
  readonly per: Matcher;
  /** `%` shows the ratio as a percentage. */
  readonly unit?: string;
  /** How many `per` there have to be before the ratio means anything. @default 1 */
  readonly fewest?: number;
}

/** Passes when entries `of` for each entry `per` keep to the bounds. */
export const ratio = defineCheck<RatioParams>(
  'ratio',
  { of: matcher, per: matcher, unit: text.optional(), fewest, ...bounds, ...scope },
  { of: [], per: [] },
  (entries, params) => {
    const { fewest = 1, unit } = params;
    const expected = describeBounds(params, unit);
    const scope = within(entries, params) ?? [];
    const of = select(scope, params.of);
    const per = select(scope, params.per);
    if (per.length < fewest) {
      return nothingToJudge(expected, `only ${per.length} to compare with, ${fewest} needed`);
    }
    const value = of.length / per.length;
    const measured = `${figure(value, unit)} (${of.length} for ${per.length})`;
    return finding(keepsTo(value, params), measured, expected, of.length > 0 ? of : per, value);
  },
);
