/**
 * Whether agents that fail together come back apart: the jitter of their waits (field issue D11).
 */
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fewest, fieldName, matcher, share } from './params.ts';

/** Parameters of {@link jitter}. */
export interface JitterParams {
  /** Entries that announce a wait. */
  readonly of: Matcher;
  /** The numeric field with the wait, in milliseconds. */
  readonly field: string;
  /** Waits are compared within groups of equal values of this field, as `attempt`. */
  readonly groupBy: string;
  /** The smallest relative spread, (max − min) / mean, of every group. */
  readonly atLeast: number;
  /** How many waits a group needs to be judged. @default 3 */
  readonly fewest?: number;
}

/** Passes when in every group that is large enough the waits are spread at least that much. */
export const jitter = defineCheck<JitterParams>(
  'jitter',
  { of: matcher, field: fieldName, groupBy: fieldName, atLeast: share, fewest },
  { of: ['field', 'groupBy'] },
  (entries, params) => {
    const { field, groupBy, atLeast, fewest = 3 } = params;
    const expected = `waits spread by at least ${figure(atLeast, '%')}`;
    const found = select(entries, params.of).filter((entry) => typeof valueAt(entry, field) === 'number');
    const groups = Object.values(Object.groupBy(found, (entry) => String(valueAt(entry, groupBy))))
      .map((group = []) => group.map((entry) => Number(valueAt(entry, field))))
      .filter((waits) => waits.length >= fewest && Math.max(...waits) > 0);
    if (groups.length === 0) return nothingToJudge(expected, `no ${fewest} announced waits to compare`);
    const spreads = groups.map((waits) => {
      const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
      return (Math.max(...waits) - Math.min(...waits)) / mean;
    });
    const least = Math.min(...spreads);
    return finding(least >= atLeast, `${figure(least, '%')} at the least`, expected, found, least);
  },
);
