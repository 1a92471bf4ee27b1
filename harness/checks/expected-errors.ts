/**
 * Whether each ERROR record is one that somebody looks at (field issue R1.4). A subject that reports a loss at ERROR while
 * every check passes has told of something that the scenario does not judge.
 */
import * as z from 'zod';
import type { Entry } from '../journal/entry.ts';
import { type Matcher, matches, type Patterns, select, valueAt } from '../journal/matcher.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { patterns } from './params.ts';

/** Parameters of {@link expectedErrors}. */
export interface ExpectedErrorsParams {
  /** What the scenario's checks ask of records of the agent's log when they single some out. */
  readonly judged: readonly Patterns[];
}

/** Records at ERROR; one that counts those left out repeats what stands in the first of them. */
const errorRecords: Matcher = {
  kind: 'agent.log',
  level: { anyOf: ['error', 'fatal'] },
  event: { not: 'suppressed' },
};

/** Passes when each ERROR record is singled out by a matcher; unknown otherwise, since nothing has judged the record. */
export const expectedErrors = defineCheck<ExpectedErrorsParams>(
  'expected-errors',
  { judged: z.array(patterns) },
  {},
  (entries, { judged }) => {
    const expected = 'every ERROR record is one that a check looks at';
    if (entries.length === 0) return nothingToJudge(expected, 'nothing was journalled');
    const errors = select(entries, errorRecords);
    const others = errors.filter((entry) => !judged.some((matcher) => matches(entry, matcher)));
    if (others.length === 0) return finding(true, `${errors.length} looked at`, expected, errors, 0);
    const measured = `${others.length} of ${errors.length} that no check looks at, as ${describe(others[0])}`;
    return { ...finding(false, measured, expected, others, others.length), outcome: 'unknown' };
  },
);

/** Fields of a record that say what it is about, so that a matcher with one of them means this record. */
const telling = ['level', 'event', 'message', 'category', 'code', 'operation', 'reason'];

/**
 * The matchers inside the parameters of checks that single out records of the agent's log. One that takes any record, as
 * for a sum, judges none of them; `has` selects nothing.
 */
export function judgedRecords(params: unknown): Patterns[] {
  if (typeof params !== 'object' || params === null) return [];
  const inside = Object.entries(params).filter(([key]) => key !== 'has');
  const own = isTelling(params) ? [withoutKind(params)] : [];
  return [...own, ...inside.flatMap(([, value]) => judgedRecords(value))];
}

function isTelling(params: object): boolean {
  const isOfLog = 'kind' in params && JSON.stringify(params.kind).includes('"agent.log"');
  return isOfLog && telling.some((field) => field in params);
}

function withoutKind(matcher: object): Patterns {
  return Object.fromEntries(Object.entries(matcher).filter(([field]) => field !== 'kind'));
}

function describe(entry: Entry | undefined): string {
  const text = String((entry && (valueAt(entry, 'message') ?? valueAt(entry, 'event'))) ?? '');
  return JSON.stringify(text.split('\n')[0]?.slice(0, 100));
}
