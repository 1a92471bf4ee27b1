/** What a standing check is: an invariant that holds whatever a scenario is about, judged wherever its evidence is. */
import type { CheckSpec } from '../checks/check.ts';
import type { Entry } from '../journal/entry.ts';
import { type Matcher, matches } from '../journal/matcher.ts';

/** Levels of what somebody is to read. */
export const aboveDebug = ['info', 'warn', 'error', 'fatal'];

/** What an invariant is decided by. */
export interface Evidence {
  readonly entries: readonly Entry[];
  /** The scenario's own checks, by id. */
  readonly checks: Readonly<Record<string, CheckSpec>>;
  /** How many lab milliseconds pass in a real one. */
  readonly pace: number;
}

/** An invariant. */
export interface StandingCheck {
  /** One sentence in the present tense that is true when the check passes. */
  readonly title: string;
  /** Whom it judges: every subject, or only one that is expected to pass. */
  readonly judges: 'every' | 'sound';
  /** It applies where there is an entry of each of these, */
  readonly needs: readonly Matcher[];
  /** and none of these. */
  readonly unless?: Matcher;
  readonly check: (title: string, evidence: Evidence) => CheckSpec;
}

/** Whether the invariant can be decided by these entries. */
export function applies({ needs, unless }: StandingCheck, entries: readonly Entry[]): boolean {
  const has = (matcher: Matcher): boolean => entries.some((entry) => matches(entry, matcher));
  return needs.every(has) && !(unless && has(unless));
}
