/**
 * Whether a series that is numbered by its sender arrived whole: reports, messages, log records.
 */
import type { Entry } from '../journal/entry.ts';
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fewest, fieldName, matcher } from './params.ts';

/** Parameters of {@link noMissing}. */
export interface NoMissingParams {
  /** The entries of the series; their order does not matter. */
  readonly of: Matcher;
  /** The field with the sender's number, one more each time. */
  readonly field: string;
  /** Each sender counts for itself: the field that names it. @default there is one sender */
  readonly groupBy?: string;
  /** Entries with the same field that tell of a number that it is lost. */
  readonly told?: Matcher;
  /** How many different numbers there have to be. @default 2 */
  readonly fewest?: number;
}

/** Passes when every number between the lowest and the highest one is there, or told of as lost. */
export const noMissing = defineCheck<NoMissingParams>(
  'noMissing',
  { of: matcher, field: fieldName, groupBy: fieldName.optional(), told: matcher.optional(), fewest },
  { of: ['field', 'groupBy'], told: ['field'] },
  (entries, params) => {
    const { groupBy, fewest = 2 } = params;
    const expected = 'no number missing';
    const numberOf = (entry: Entry): unknown => valueAt(entry, params.field);
    const found = select(entries, params.of).filter((entry) => typeof numberOf(entry) === 'number');
    const told = params.told ? select(entries, params.told).map(numberOf) : [];
    const senders = Map.groupBy(found, (entry) => (groupBy ? valueAt(entry, groupBy) : ''));
    const series = [...senders.values()].map((group) => seriesOf(group.map(numberOf) as number[]));
    const seen = series.reduce((sum, numbers) => sum + numbers.length, 0);
    if (seen < fewest) return nothingToJudge(expected, `${seen} numbers seen, ${fewest} needed`);
    const missing = series.flatMap(gapsIn).filter((number) => !told.includes(number));
    const list = missing.length > 0 ? ` (${missing.slice(0, 8).join(', ')})` : '';
    const measured = `${missing.length} missing${list} between ${series.map(ends).slice(0, 3).join(', ')}`;
    return finding(missing.length === 0, measured, expected, found, missing.length);
  },
);

/** Different numbers, in order. */
const seriesOf = (numbers: readonly number[]): number[] => [...new Set(numbers)].toSorted((a, b) => a - b);

const ends = (series: readonly number[]): string => `${series[0]} and ${series.at(-1)}`;

function gapsIn(series: readonly number[]): number[] {
  return series.flatMap((number, index) => {
    const previous = series[index - 1] ?? number;
    return Array.from({ length: Math.max(0, number - previous - 1) }, (_, step) => previous + step + 1);
  });
}
