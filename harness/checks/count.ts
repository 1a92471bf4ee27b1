/**
 * How often something happened.
 */
import { type Matcher, select } from '../journal/matcher.ts';
import { type Bounds, describeBounds, figure, keepsTo } from './bounds.ts';
import { defineCheck, finding, nothingToJudge, type Scope, within } from './check.ts';
import { bounds, matcher, scope, text } from './params.ts';

/** Parameters of {@link count}. */
export interface CountParams extends Bounds, Scope {
  /** What is counted. */
  readonly of: Matcher;
  /**
   * What has to be in the journal before a count means anything; without a single one the outcome is unknown.
   * Needed wherever a count of zero may pass.
   */
  readonly given: Matcher;
  /** What one of them is called in the report. */
  readonly unit?: string;
}

/** Passes when the number of entries that `of` means keeps to the bounds. */
export const count = defineCheck<CountParams>(
  'count',
  { of: matcher, given: matcher, unit: text.optional(), ...bounds, ...scope },
  { of: [], given: [] },
  (entries, params) => {
    const expected = describeBounds(params, params.unit);
    const scope = within(entries, params);
    if (!scope) return nothingToJudge(expected, 'the part of the run to look at never began');
    if (select(entries, params.given).length === 0)
      return nothingToJudge(expected, 'nothing happened to judge by');
    const found = select(scope, params.of);
    return finding(
      keepsTo(found.length, params),
      figure(found.length, params.unit),
      expected,
      found,
      found.length,
    );
  },
);
