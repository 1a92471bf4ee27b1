/**
 * Whether records have the level that what they tell of calls for (R1.4): who reads the errors alone misses a loss that is told
 * of at INFO, and who is woken by a good end learns to sleep on.
 */
import * as z from 'zod';
import type { Entry } from '../journal/entry.ts';
import { type Matcher, matches, type Patterns, select, valueAt } from '../journal/matcher.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { matcher, patterns, text } from './params.ts';

/** Parameters of {@link rightLevels}. */
export interface RightLevelsParams {
  /** Records that are looked at. */
  readonly of: Matcher;
  /** Levels by what a record tells of; the first rule that means a record decides, and one that none means may have any. */
  readonly rules: readonly LevelRule[];
}

/** What records of one kind have to be. */
export interface LevelRule {
  readonly when: Patterns;
  readonly level: string;
}

/** Passes when each record that a rule means has the level of the rule. */
export const rightLevels = defineCheck<RightLevelsParams>(
  'right-levels',
  {
    of: matcher,
    rules: z.array(z.strictObject({ when: patterns, level: text })).min(1),
  },
  { of: [] },
  (entries, { of, rules }) => {
    const expected = 'each record at the level of what it tells of';
    const ruled = select(entries, of).flatMap((entry) => {
      const rule = rules.find(({ when }) => matches(entry, when));
      return rule ? [{ entry, level: rule.level }] : [];
    });
    if (ruled.length === 0) return nothingToJudge(expected, 'no record has a level that is laid down');
    const wrong = ruled.filter(({ entry, level }) => valueAt(entry, 'level') !== level);
    const [first] = wrong;
    const as = first ? `, as ${describe(first.entry)} instead of ${first.level}` : '';
    const measured = `${wrong.length} of ${ruled.length} at another one${as}`;
    const evidence = (first ? wrong : ruled).map(({ entry }) => entry);
    return finding(wrong.length === 0, measured, expected, evidence, wrong.length);
  },
);

const describe = (entry: Entry): string =>
  `${String(valueAt(entry, 'event') ?? 'a record')} at ${String(valueAt(entry, 'level'))}`;
