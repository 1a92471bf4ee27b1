/**
 * Whether a program's own count agrees with what was seen: its statistics against its log, its metrics against the wire.
 */
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fieldName, matcher } from './params.ts';

/** Parameters of {@link countsAgree}. */
export interface CountsAgreeParams {
  /** What was seen, in the whole run. */
  readonly of: Matcher;
  /** The entry with the program's own count; the last one of several. */
  readonly counted: Matcher;
  /** The numeric field of it with the count. */
  readonly field: string;
}

/** Passes when the count is exactly the number of entries `of`. */
export const countsAgree = defineCheck<CountsAgreeParams>(
  'countsAgree',
  { of: matcher, counted: matcher, field: fieldName },
  { of: [], counted: ['field'] },
  (entries, params) => {
    const seen = select(entries, params.of);
    const expected = figure(seen.length);
    const count = select(entries, params.counted).at(-1);
    const value = count && valueAt(count, params.field);
    if (!count || typeof value !== 'number') return nothingToJudge(expected, 'no count was seen');
    return finding(value === seen.length, figure(value), expected, [count, ...seen], value);
  },
);
