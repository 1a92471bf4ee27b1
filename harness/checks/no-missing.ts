/**
 * Whether a series that is numbered by its sender arrived whole: reports, messages, log records.
 */
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fewest, fieldName, matcher } from './params.ts';

/** Parameters of {@link noMissing}. */
export interface NoMissingParams {
  /** The entries of the series; their order does not matter. */
  readonly of: Matcher;
  /** The field with the sender's number, one more each time. */
  readonly field: string;
  /** How many different numbers there have to be. @default 2 */
  readonly fewest?: number;
}

/** Passes when every number between the lowest and the highest one is there. */
export const noMissing = defineCheck<NoMissingParams>(
  'noMissing',
  { of: matcher, field: fieldName, fewest },
  { of: ['field'] },
  (entries, params) => {
    const { field, fewest = 2 } = params;
    const expected = 'no number missing';
    const found = select(entries, params.of).filter((entry) => typeof valueAt(entry, field) === 'number');
    const numbers = [...new Set(found.map((entry) => Number(valueAt(entry, field))))].toSorted(
      (a, b) => a - b,
    );
    if (numbers.length < fewest)
      return nothingToJudge(expected, `${numbers.length} numbers seen, ${fewest} needed`);
    const missing = numbers.flatMap((number, index) => {
      const previous = numbers[index - 1] ?? number;
      return Array.from({ length: Math.max(0, number - previous - 1) }, (_, step) => previous + step + 1);
    });
    const list = missing.length > 0 ? ` (${missing.slice(0, 8).join(', ')})` : '';
    const measured = `${missing.length} missing${list} between ${numbers[0]} and ${numbers.at(-1)}`;
    return finding(missing.length === 0, measured, expected, found, missing.length);
  },
);
