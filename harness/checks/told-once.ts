/**
 * Whether a log tells of a trouble once for as long as it lasts (R3.4): the same words again are no news, and twenty of them hide
 * the one that is.
 */
import * as z from 'zod';
import type { Entry } from '../journal/entry.ts';
import { type Matcher, matches, valueAt } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fieldName, matcher, ms } from './params.ts';

/** Parameters of {@link toldOnce}. */
export interface ToldOnceParams {
  /** Records of a trouble. */
  readonly of: Matcher;
  /** Fields that tell troubles apart, as log and operation. */
  readonly by: readonly string[];
  /** Records of its end; one that lacks some of these fields ends whatever has the others. */
  readonly over: Matcher;
  /** A record that comes again after so many lab milliseconds is a reminder. */
  readonly withinMs: number;
}

/** Passes when no trouble is told of again within `withinMs`, unless it was over in between. Its value is how often it was. */
export const toldOnce = defineCheck<ToldOnceParams>(
  'told-once',
  { of: matcher, by: z.array(fieldName).min(1), over: matcher, withinMs: ms },
  { of: ['by'], over: [] },
  (entries, { of, by, over, withinMs }) => {
    const expected = `each trouble told of once within ${figure(withinMs, 'ms')}`;
    const told = new Map<string, Entry>();
    const again: Entry[] = [];
    let seen = 0;
    for (const entry of entries) {
      if (matches(entry, over)) {
        for (const [key, earlier] of told) if (isOf(earlier, entry, by)) told.delete(key);
        continue;
      }
      if (!matches(entry, of)) continue;
      seen += 1;
      const key = JSON.stringify(by.map((field) => valueAt(entry, field) ?? null));
      const earlier = told.get(key);
      if (earlier !== undefined && entry.t - earlier.t <= withinMs) again.push(entry);
      told.set(key, entry);
    }
    if (seen === 0) return nothingToJudge(expected, 'no trouble was told of');
    return finding(
      again.length === 0,
      `${again.length} of ${seen} told again`,
      expected,
      again,
      again.length,
    );
  },
);

/** Whether `end` may be the end of this trouble. */
function isOf(trouble: Entry, end: Entry, by: readonly string[]): boolean {
  return by.every((field) => {
    const value = valueAt(end, field);
    return value === undefined || value === valueAt(trouble, field);
  });
}
