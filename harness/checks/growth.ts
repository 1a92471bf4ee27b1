/**
 * Whether what a program holds grows: descriptors, sockets, threads, memory, sampled from outside (R3.2).
 */
import * as z from 'zod';
import type { Entry } from '../journal/entry.ts';
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge, type Scope, within } from './check.ts';
import { fewest, fieldName, matcher, scope } from './params.ts';

/** Parameters of {@link growth}. */
export interface GrowthParams extends Scope {
  /** Samples, in order of time. */
  readonly of: Matcher;
  /** By how much each field may grow, in its own unit. */
  readonly atMost: Readonly<Record<string, number>>;
  /** How many samples there have to be. @default 4 */
  readonly fewest?: number;
}

/** Passes when no field grows by more than it may, from the most of the first third of samples to the least of the last quarter. */
export const growth = defineCheck<GrowthParams>(
  'growth',
  { of: matcher, atMost: z.record(fieldName, z.number().min(0)), fewest, ...scope },
  { of: [] },
  (entries, params) => {
    const { atMost, fewest: needed = 4 } = params;
    const expected = Object.entries(atMost)
      .map(([field, most]) => `${field} at most +${figure(most)}`)
      .join(', ');
    const samples = select(within(entries, params) ?? [], params.of);
    if (samples.length < needed)
      return nothingToJudge(expected, `${samples.length} samples seen, ${needed} needed`);
    // A program fills its pools at first, and what is in use for a moment at the end is given back again.
    const found = Object.entries(atMost).flatMap(([field, most]) => {
      const values = valuesOf(samples, field);
      if (values.length < needed) return [];
      const begin = Math.max(...values.slice(0, Math.ceil(values.length / 3)));
      const end = Math.min(...values.slice(-Math.ceil(values.length / 4)));
      return [{ field, begin, end, isWrong: end - begin > most }];
    });
    if (found.length === 0) return nothingToJudge(expected, 'no sample has any of these fields');
    const measured = found
      .map(({ field, begin, end }) => `${field} ${figure(begin)} → ${figure(end)}`)
      .join(', ');
    const ends = [samples[0], samples.at(-1)].filter((entry) => entry !== undefined);
    return finding(!found.some(({ isWrong }) => isWrong), measured, expected, ends);
  },
);

function valuesOf(samples: readonly Entry[], field: string): number[] {
  return samples.map((entry) => valueAt(entry, field)).filter((value) => typeof value === 'number');
}
