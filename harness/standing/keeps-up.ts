/**
 * Who is sound does what the story waits for: an agent that stands still loses nothing and leaks nothing, and a verdict that says no
 * more than that nothing happened would accuse nobody.
 */
import { count } from '../checks/count.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

/**
 * Whether a fault strikes is judged as such, with the reason why it did not. Stories wait for several times as long as it takes: a
 * machine that stood still for less than this share of it is no excuse, and for more the time was not the program's.
 */
const waited = {
  kind: 'lab.waited',
  meant: { not: { matches: '^fault\\.' } },
  stalledShare: { atMost: 0.1 },
} as const satisfies Matcher;

/** A wait that ran out is the only evidence there is. */
export const keepsUp: StandingCheck = {
  title: 'what the story waits for comes in its time',
  judges: 'sound',
  needs: [waited],
  check: (title) => count(title, { of: waited, given: waited, atMost: 0, unit: 'times in vain' }),
};
