/** What a minimum came to, in words: for the terminal, and for the comment of its file. */
import { Names } from '../names/names.ts';
import { showDuration, showValue } from '../report/text.ts';
import type { Failure } from './failing.ts';
import { storyEnds } from './playing.ts';
import type { Reduction } from './reduction.ts';
import type { Session } from './session.ts';
import type { Rate } from './steady.ts';

/** The failure, and what is left of its faults. */
export interface MinimumFacts {
  readonly failure: Failure;
  /** How many faults the scenario has. */
  readonly whole: number;
  readonly left: Reduction;
  readonly session: Session;
}

/** The check, and the faults under which it fails. */
export function minimumTitle({ failure, left }: MinimumFacts): string {
  const faults = Object.keys(left.faults);
  return `${failure.subject.name} fails ${failure.check} ${faults.length === 0 ? 'without any fault' : `under ${faults.join(' and ')}`}`;
}

export function minimumLines(facts: MinimumFacts): string[] {
  const { failure, whole, left, session } = facts;
  const { minimum, failed, plays, spentMs } = session;
  const names = Object.keys(left.faults);
  const check = failed?.played.checks.find(({ id }) => id === failure.check);
  const judged = check && `measured ${showValue(check.measured)}, expected ${showValue(check.expected)}`;
  const why = failure.check === storyEnds ? failed?.played.error : judged;
  return [
    `${minimumTitle(facts)}${why === undefined ? '' : `: ${new Names().replace(why)}`}.`,
    '',
    `Left of ${failure.scenario.id}: ${names.length} of ${whole} faults. ${minimality(names, minimum?.minimal ?? false)}`,
    `${rates(minimum)}Seed ${failure.scenario.seed}; ${plays} plays in ${showDuration(spentMs)}.`,
  ];
}

function minimality(names: readonly string[], minimal: boolean): string {
  if (!minimal) return 'The time was over before each of them was tried without: fewer may do.';
  if (names.length === 0) return 'No fault is needed.';
  if (names.length === 1) return 'Without it, it passes.';
  return `Without ${names.length === 2 ? 'either' : 'any one'} of them, it passes.`;
}

function rates(minimum: Session['minimum']): string {
  if (minimum === undefined) return '';
  const { whole, left } = minimum;
  const after = left.plays === 0 ? '' : `, what is left ${often(left)}`;
  return `The whole failed ${often(whole)}${after}. `;
}

const often = ({ failed, plays }: Rate): string => `${failed} of ${plays} times`;
