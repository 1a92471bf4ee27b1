/**
 * Whether a program makes use of its attempts before it gives up what may pass (R2.6): a retry policy that stops early is
 * one that is not there.
 */
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fieldName, matcher } from './params.ts';

/** Parameters of {@link persevered}. */
export interface PerseveredParams {
  /** Entries that say of something that it was given up, and that it might have passed. */
  readonly of: Matcher;
  /** The field with the number of the last attempt. */
  readonly attempt: string;
  /** The field with how many attempts the program allows itself. */
  readonly attempts: string;
}

/** Passes when each of them was given up at the last attempt that the program allows itself. */
export const persevered = defineCheck<PerseveredParams>(
  'persevered',
  { of: matcher, attempt: fieldName, attempts: fieldName },
  { of: ['attempt', 'attempts'] },
  (entries, { of, attempt, attempts }) => {
    const expected = 'given up at the last attempt';
    const found = select(entries, of).filter((entry) => typeof valueAt(entry, attempts) === 'number');
    if (found.length === 0) return nothingToJudge(expected, 'nothing was given up');
    const early = found.filter((entry) => valueAt(entry, attempt) !== valueAt(entry, attempts));
    const measured = `${early.length} of ${found.length} at another one`;
    return finding(early.length === 0, measured, expected, early.length > 0 ? early : found, early.length);
  },
);
