/**
 * How many there are at the same time: connections of a pool against its limit (R3.10), requests in progress against that of a server.
 */
import * as z from 'zod';
import type { Entry } from '../journal/entry.ts';
import { type Matcher, matches, valueAt } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge, type Scope, within } from './check.ts';
import { fieldName, matcher, scope, text } from './params.ts';

/** Parameters of {@link atOnce}. */
export interface AtOnceParams extends Scope {
  /** What begins one of them. */
  readonly of: Matcher;
  /** What ends it. */
  readonly ends: Matcher;
  /** Fields that beginning and end have in common, as link and connection. */
  readonly by: readonly string[];
  /** So many at the most. */
  readonly atMost: number;
  /** How many have to have begun before the figure means anything. @default 1 */
  readonly fewest?: number;
  /** What one of them is called in the report. */
  readonly unit?: string;
}

/** Passes when never more than `atMost` have begun and not ended. Its value is the most that there were. */
export const atOnce = defineCheck<AtOnceParams>(
  'at-once',
  {
    of: matcher,
    ends: matcher,
    by: z.array(fieldName).min(1),
    atMost: z.number().min(0),
    fewest: z.int().min(1).optional(),
    unit: text.optional(),
    ...scope,
  },
  { of: ['by'], ends: ['by'] },
  (entries, params) => {
    const { atMost, fewest = 1, unit } = params;
    const expected = `at most ${figure(atMost, unit)} at once`;
    const keyOf = (entry: Entry): string => JSON.stringify(params.by.map((field) => valueAt(entry, field)));
    const open = new Map<string, Entry>();
    let begun = 0;
    let most: readonly Entry[] = [];
    for (const entry of within(entries, params) ?? []) {
      if (matches(entry, params.ends)) open.delete(keyOf(entry));
      else if (matches(entry, params.of)) {
        begun += 1;
        open.set(keyOf(entry), entry);
        if (open.size > most.length) most = [...open.values()];
      }
    }
    if (begun < fewest) return nothingToJudge(expected, `${begun} seen, ${fewest} needed`);
    const measured = `${figure(most.length, unit)} at once, of ${begun}`;
    return finding(most.length <= atMost, measured, expected, most, most.length);
  },
);
