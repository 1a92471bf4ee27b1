/** What a sweep has to know of a run: what to count, and whether it has to be looked into. It is small enough to be sent. */
import { type Matcher, matches } from '../journal/matcher.ts';
import { failuresOf, type Played } from './play.ts';

export interface Seen {
  /** The checks that failed. */
  readonly failures: readonly string[];
  /** Why it proves nothing. */
  readonly doubt?: string;
  /** How long it was, lab milliseconds. */
  readonly labMs: number;
  /** The marks of `sometimes` that it reached. */
  readonly reached: readonly string[];
  /** The faults that struck, by id. */
  readonly struck: readonly string[];
}

export function seenIn(played: Played, sometimes: Readonly<Record<string, Matcher>>): Seen {
  const { entries, faults, doubt } = played;
  return {
    failures: failuresOf(played),
    ...(doubt === undefined ? {} : { doubt }),
    labMs: entries.at(-1)?.t ?? 0,
    reached: Object.entries(sometimes).flatMap(([name, matcher]) =>
      entries.some((entry) => matches(entry, matcher)) ? [name] : [],
    ),
    struck: faults.filter(({ strikes }) => strikes > 0).map(({ id }) => id),
  };
}
