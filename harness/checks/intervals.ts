/**
 * How long a program waits between its attempts: the shape of its back-off, read from the wire or from its log.
 */
import * as z from 'zod';
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge, type Scope, within } from './check.ts';
import { fieldName, matcher, ms, scope, share } from './params.ts';

/** Parameters of {@link intervals}. */
export interface IntervalsParams extends Scope {
  /** One entry an attempt. */
  readonly of: Matcher;
  /** The waits expected after the first, second, … attempt, in lab milliseconds. */
  readonly expectMs: readonly number[];
  /** How far below a wait may be, as a share of it: the policy's jitter. */
  readonly below: number;
  /** How far above, as a share: jitter, the time the attempt itself takes, and a busy machine. */
  readonly above: number;
  /** Attempts are compared within groups of equal values of this field, as `operationId`. */
  readonly groupBy?: string;
}

/** Passes when the waits between attempts are the expected ones, in every group; more attempts than expected fail. */
export const intervals = defineCheck<IntervalsParams>(
  'intervals',
  { of: matcher, expectMs: z.array(ms), below: share, above: share, groupBy: fieldName.optional(), ...scope },
  { of: ['groupBy'] },
  (entries, params) => {
    const { expectMs, below, above, groupBy } = params;
    const expected = `${expectMs.map((ms) => figure(ms, 'ms')).join(', ')} (−${figure(below, '%')}, +${figure(above, '%')})`;
    const attempts = select(within(entries, params) ?? [], params.of);
    if (attempts.length === 0) return nothingToJudge(expected, 'no attempt was seen');
    const groups = Object.values(
      Object.groupBy(attempts, (entry) => String(groupBy ? valueAt(entry, groupBy) : '')),
    );
    const waits = groups.map((group = []) =>
      group.slice(1).map((entry, index) => entry.t - (group[index]?.t ?? entry.t)),
    );
    const good = waits.every(
      (series) =>
        series.length === expectMs.length &&
        series.every((wait, index) => {
          const nominal = expectMs[index] ?? 0;
          return wait >= nominal * (1 - below) && wait <= nominal * (1 + above);
        }),
    );
    const shown = waits.slice(0, 3).map(describe);
    return finding(good, shown.join(' · '), expected, attempts);
  },
);

/** The waits of one group, as many of them as a reader takes in. */
function describe(waits: readonly number[]): string {
  if (waits.length === 0) return 'a single attempt';
  const first = waits.slice(0, 8).map((wait) => figure(wait, 'ms'));
  return waits.length > 8 ? `${first.join(', ')} and ${waits.length - 8} more` : first.join(', ');
}
