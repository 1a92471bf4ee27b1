/**
 * How much comes at once: a storm of connections after an outage (field issue D11), a log that floods (R3.4).
 */

import * as z from 'zod';
import type { Entry } from '../journal/entry.ts';
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge, type Scope, within } from './check.ts';
import { fieldName, matcher, ms, scope, text } from './params.ts';

/** Parameters of {@link burst}. */
export interface BurstParams extends Scope {
  /** What comes. */
  readonly of: Matcher;
  /** How long at once is, in lab milliseconds. */
  readonly withinMs: number;
  /** So many at the most. */
  readonly atMost: number;
  /** Each value of this field counts for itself. @default all together */
  readonly groupBy?: string;
  /** Where one of these is there, that none of `of` came is right. @default there is nothing to judge then */
  readonly given?: Matcher;
  /** What one of them is called in the report. */
  readonly unit?: string;
}

/** Passes when no more than `atMost` come within any `withinMs`. Its value is the most that did. */
export const burst = defineCheck<BurstParams>(
  'burst',
  {
    of: matcher,
    withinMs: ms,
    atMost: z.number().min(0),
    groupBy: fieldName.optional(),
    given: matcher.optional(),
    unit: text.optional(),
    ...scope,
  },
  { of: ['groupBy'], given: [] },
  (entries, params) => {
    const { of, withinMs, atMost, groupBy, given, unit } = params;
    const expected = `at most ${figure(atMost, unit)} within ${figure(withinMs, 'ms')}`;
    const found = select(within(entries, params) ?? [], of);
    if (found.length === 0) {
      const happened = given === undefined ? [] : select(within(entries, params) ?? [], given);
      return happened.length === 0
        ? nothingToJudge(expected, 'none was seen')
        : finding(true, figure(0, unit), expected, happened, 0);
    }
    const groups = Map.groupBy(found, (entry) => (groupBy ? valueAt(entry, groupBy) : ''));
    const bursts = [...groups.values()].map((group) => largest(group, withinMs));
    const worst = bursts.reduce((most, next) => (next.length > most.length ? next : most));
    const measured = `${figure(worst.length, unit)} within ${figure(withinMs, 'ms')}, of ${found.length}`;
    return finding(worst.length <= atMost, measured, expected, worst, worst.length);
  },
);

/** The most entries that any window of `withinMs` holds. */
function largest(group: readonly Entry[], withinMs: number): readonly Entry[] {
  const inTime = group.toSorted((a, b) => a.t - b.t);
  let start = 0;
  let best: readonly [number, number] = [0, 0];
  for (const [end, entry] of inTime.entries()) {
    while (entry.t - (inTime[start]?.t ?? entry.t) > withinMs) start += 1;
    if (end + 1 - start > best[1] - best[0]) best = [start, end + 1];
  }
  return inTime.slice(...best);
}
