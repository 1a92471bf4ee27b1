/**
 * Whether times that a program tells can be: nothing takes longer than the run has lasted. A clock that is mixed up with another,
 * and milliseconds for seconds, show here whatever the record is about.
 */
import * as z from 'zod';
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fieldName, matcher, ms } from './params.ts';

/** Parameters of {@link plausibleTimes}. */
export interface PlausibleTimesParams {
  /** Records that tell of what they waited for or how long something took. */
  readonly of: Matcher;
  /** The fields with the times, in lab milliseconds. */
  readonly fields: readonly string[];
  /** By how much a time may be longer than the run until then: clocks are read one after the other. */
  readonly slackMs: number;
}

/** Passes when no time is negative or longer than the run had lasted. Its value is how many are. */
export const plausibleTimes = defineCheck<PlausibleTimesParams>(
  'plausible-times',
  { of: matcher, fields: z.array(fieldName).min(1), slackMs: ms },
  { of: ['fields'] },
  (entries, { of, fields, slackMs }) => {
    const expected = 'from 0 to as long as the run had lasted';
    const times = select(entries, of).flatMap((entry) =>
      fields.flatMap((field) => {
        const value = valueAt(entry, field);
        return typeof value === 'number' ? [{ entry, field, value }] : [];
      }),
    );
    if (times.length === 0) return nothingToJudge(expected, 'no time was told');
    const wrong = times.filter(({ entry, value }) => value < 0 || value > entry.t + slackMs);
    const [first] = wrong;
    const as = first
      ? `, as ${first.field} ${figure(first.value, 'ms')} at ${figure(first.entry.t, 'ms')}`
      : '';
    const measured = `${wrong.length} of ${times.length} cannot be${as}`;
    const evidence = (first ? wrong : times).map(({ entry }) => entry);
    return finding(wrong.length === 0, measured, expected, evidence, wrong.length);
  },
);
