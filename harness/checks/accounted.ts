/**
 * Whether a log accounts for everything that happened: each is told of by a record of its own or counted in a record that
 * says how many were left out (R3.4), and none is lost on the way to the file (R3.6).
 */
import * as z from 'zod';
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fewest, fieldName, matcher } from './params.ts';

/** Parameters of {@link accounted}. */
export interface AccountedParams {
  /** What happened, as seen by somebody else than the log's writer. */
  readonly happened: Matcher;
  /** Records that each tell of one. */
  readonly told: Matcher;
  /** Records that tell of many, and the field with the number; left out, there are none. */
  readonly counted?: { of: Matcher; field: string };
  /** How many have to have happened before the sum means anything. @default 1 */
  readonly fewest?: number;
}

/** Passes when as many are told of, one by one or in sum, as happened. Its value is how many of them are not. */
export const accounted = defineCheck<AccountedParams>(
  'accounted',
  {
    happened: matcher,
    told: matcher,
    counted: z.strictObject({ of: matcher, field: fieldName }).optional(),
    fewest,
  },
  { happened: [], told: [], 'counted.of': ['counted.field'] },
  (entries, params) => {
    const { counted, fewest = 1 } = params;
    const happened = select(entries, params.happened);
    const expected = `all ${happened.length}`;
    if (happened.length < fewest)
      return nothingToJudge(expected, `${happened.length} seen, ${fewest} needed`);
    const told = select(entries, params.told);
    const summaries = counted ? select(entries, counted.of) : [];
    const sum = summaries.reduce((total, entry) => total + (numberAt(entry, counted?.field) ?? 0), 0);
    const missing = happened.length - told.length - sum;
    const measured = `${told.length} told of one by one, ${sum} in sum`;
    const evidence = [...summaries, ...told];
    return finding(missing === 0, measured, expected, evidence.length > 0 ? evidence : happened, missing);
  },
);

function numberAt(entry: Parameters<typeof valueAt>[0], field = ''): number | undefined {
  const value = valueAt(entry, field);
  return typeof value === 'number' ? value : undefined;
}
