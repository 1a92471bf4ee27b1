/**
 * Whether each of some entries has what it should: the final record names its cause, the failure carries its stack.
 */
import { describeMatcher, type Matcher, matches, type Patterns, select } from '../journal/matcher.ts';
import { defineCheck, finding, nothingToJudge, type Scope, within } from './check.ts';
import { matcher, patterns, scope } from './params.ts';

/** Parameters of {@link each}. */
export interface EachParams extends Scope {
  /** Which entries are looked at. */
  readonly of: Matcher;
  /** What each of them must also fit. */
  readonly has: Patterns;
  /** What happened that should have led to such an entry: when it is there and none of `of` is, the check fails. */
  readonly given: Matcher;
}

/** Passes when there is at least one entry `of`, and every one of them fits `has`. */
export const each = defineCheck<EachParams>(
  'each',
  { of: matcher, has: patterns, given: matcher, ...scope },
  { of: ['has'], given: [] },
  (entries, params) => {
    const expected = `${describeMatcher(params.has).replace(/^any entry /, '')}`;
    const scope = within(entries, params);
    const given = select(entries, params.given);
    if (!scope || given.length === 0) return nothingToJudge(expected, 'nothing happened to judge by');
    const found = select(scope, params.of);
    if (found.length === 0) return finding(false, 'no such record', expected, given);
    const lacking = found.filter((entry) => !matches(entry, params.has));
    const measured = `${found.length - lacking.length} of ${found.length} have it`;
    return finding(lacking.length === 0, measured, expected, lacking.length > 0 ? lacking : found);
  },
);
