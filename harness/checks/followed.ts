/**
 * Whether one thing leads to another in time: a request to its end, an outage to a warning, a lifted fault to recovery.
 */
import * as z from 'zod';
import { type Matcher, matches, select, valueAt } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fieldName, matcher, ms } from './params.ts';

/** Parameters of {@link followed}. */
export interface FollowedParams {
  /** What begins it. */
  readonly each: Matcher;
  /** What has to come after it. */
  readonly by: Matcher;
  /** Within how many lab milliseconds. @default any time later */
  readonly withinMs?: number;
  /** And not sooner than this: a wait that was announced has to be kept. */
  readonly notBeforeMs?: number;
  /** A field that has the same value in both, as `connection`. */
  readonly same?: string;
  /** Judge only the first beginning. @default all of them */
  readonly onlyFirst?: boolean;
}

/** Passes when every entry `each` is followed by an entry `by` in time. */
export const followed = defineCheck<FollowedParams>(
  'followed',
  {
    each: matcher,
    by: matcher,
    withinMs: ms.optional(),
    notBeforeMs: ms.optional(),
    same: fieldName.optional(),
    onlyFirst: z.boolean().optional(),
  },
  { each: ['same'], by: ['same'] },
  (entries, params) => {
    const { withinMs = Number.POSITIVE_INFINITY, notBeforeMs = 0, same, onlyFirst = false } = params;
    const expected = describe(params);
    const all = select(entries, params.each);
    const starts = onlyFirst ? all.slice(0, 1) : all;
    if (starts.length === 0) return nothingToJudge(expected, 'it never began');
    const waits = starts.map((start) => {
      const end = entries.find(
        (entry) =>
          entry.n > start.n &&
          matches(entry, params.by) &&
          (same === undefined || valueAt(entry, same) === valueAt(start, same)),
      );
      return { start, end, waitMs: end ? end.t - start.t : Number.POSITIVE_INFINITY };
    });
    const wrong = waits.filter(
      ({ waitMs }) => waitMs < notBeforeMs || waitMs > withinMs || waitMs === Number.POSITIVE_INFINITY,
    );
    const shortest = Math.min(...waits.map(({ waitMs }) => waitMs));
    const longest = Math.max(...waits.map(({ waitMs }) => waitMs));
    const measured =
      longest === Number.POSITIVE_INFINITY
        ? `${waits.filter(({ end }) => !end).length} of ${waits.length} never followed`
        : `${waits.length} followed, ${notBeforeMs > 0 ? `the shortest after ${figure(shortest, 'ms')}, ` : ''}the longest after ${figure(longest, 'ms')}`;
    const shown = (wrong.length > 0 ? wrong : waits).flatMap(({ start, end }) =>
      end ? [start, end] : [start],
    );
    const value = longest === Number.POSITIVE_INFINITY ? undefined : longest;
    return finding(wrong.length === 0, measured, expected, shown, value);
  },
);

function describe({ withinMs, notBeforeMs }: FollowedParams): string {
  const earliest = notBeforeMs === undefined ? undefined : `not before ${figure(notBeforeMs, 'ms')}`;
  const latest = withinMs === undefined ? undefined : `within ${figure(withinMs, 'ms')}`;
  const bounds = [latest, earliest].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? 'each is followed' : `each ${bounds.join(', ')}`;
}
