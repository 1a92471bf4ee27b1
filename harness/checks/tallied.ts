/**
 * Whether what is summed up is what was told of one by one: how often an operation failed before it works again (R1.4), how many
 * messages a connection carried.
 */
import * as z from 'zod';
import type { Entry } from '../journal/entry.ts';
import { type Matcher, matches, valueAt } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fieldName, matcher } from './params.ts';

/** Parameters of {@link tallied}. */
export interface TalliedParams {
  /** Entries that each sum up what came before them, back to the one before. */
  readonly sums: Matcher;
  /** The numeric field with the sum. */
  readonly field: string;
  /** What is summed up: one entry each. */
  readonly of: Matcher;
  /** Fields that a sum and what it sums up have in common, as log and operation. */
  readonly by: readonly string[];
  /** Entries that stand for several: `field` has how many, and `words` names what `by` has and they lack. */
  readonly counted?: { of: Matcher; field: string; words: string };
  /** Entries after which all sums begin anew. */
  readonly anew?: Matcher;
}

/** Passes when each sum is the number of entries that it sums up. Its value is how many sums are not. */
export const tallied = defineCheck<TalliedParams>(
  'tallied',
  {
    sums: matcher,
    field: fieldName,
    of: matcher,
    by: z.array(fieldName).min(1),
    counted: z.strictObject({ of: matcher, field: fieldName, words: fieldName }).optional(),
    anew: matcher.optional(),
  },
  { sums: ['field', 'by'], of: ['by'], 'counted.of': ['counted.field', 'counted.words'], anew: [] },
  (entries, params) => {
    const expected = 'each sum is what was told of one by one';
    const sums: { readonly entry: Entry; readonly told: number }[] = [];
    let open: Entry[] = [];
    for (const entry of entries) {
      if (params.anew && matches(entry, params.anew)) open = [];
      else if (matches(entry, params.sums)) {
        const mine = open.filter((each) => isOf(each, entry, params));
        sums.push({ entry, told: mine.reduce((total, each) => total + weightOf(each, params), 0) });
        open = open.filter((each) => !mine.includes(each));
      } else if (matches(entry, params.of) || (params.counted && matches(entry, params.counted.of)))
        open.push(entry);
    }
    if (sums.length === 0) return nothingToJudge(expected, 'nothing was summed up');
    const wrong = sums.filter(({ entry, told }) => valueAt(entry, params.field) !== told);
    const [first] = wrong;
    const as = first ? `, as ${figure(Number(valueAt(first.entry, params.field)))} for ${first.told}` : '';
    const measured = `${wrong.length} of ${sums.length} sums are others${as}`;
    const evidence = (first ? wrong : sums).map(({ entry }) => entry);
    return finding(wrong.length === 0, measured, expected, evidence, wrong.length);
  },
);

/** Whether an entry belongs to what this sum is about. */
function isOf(entry: Entry, sum: Entry, { by, counted }: TalliedParams): boolean {
  const words = String((counted && valueAt(entry, counted.words)) ?? '').split(' ');
  return by.every((field) => {
    const [mine, its] = [valueAt(entry, field), valueAt(sum, field)];
    return mine === its || (mine === undefined && words.includes(String(its)));
  });
}

function weightOf(entry: Entry, { of, counted }: TalliedParams): number {
  if (matches(entry, of) || !counted) return 1;
  return Number(valueAt(entry, counted.field)) || 0;
}
