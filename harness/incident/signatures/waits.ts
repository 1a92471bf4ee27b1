/** What the signatures of time-outs share: a program that waits, gives up, and tries again so many times. */
import type { Failures, Observed } from '../features/observed.ts';
import type { IncidentPlan } from '../plan.ts';
import { rhythm, rounds, tries, workOf } from './measure.ts';
import type { Parameter } from './signature.ts';

/** How such a program is played. */
interface Waits {
  readonly plan: Omit<IncidentPlan, 'steps'> & Required<Pick<IncidentPlan, 'attempts' | 'timeoutMs'>>;
  readonly parameters: readonly Parameter[];
  /** How long a fault holds, lab ms: for some rounds of work. */
  readonly forMs: number;
}

/** The first wait before another attempt, ms; each is twice as long as the one before. */
const firstWaitMs = 1_000;
/** Attempts of a program that announces them and does not say how many. */
const usualAttempts = 3;
/** What a program that tries once tells of a matter that it meets at each of these rounds. */
const roundsOfOne = 6;

/** One piece of work begins when the attempts at the one before are over. `usualTimeoutMs` is for data that tell none. */
export function waitsOf(observed: Observed, late: Failures | undefined, usualTimeoutMs: number): Waits {
  const { plan, parameters } = tries(observed);
  const work = workOf(observed);
  const announces = observed.retries.events.length > 0 || plan.waits !== undefined;
  const attempts = plan.attempts ?? (announces ? usualAttempts : 1);
  const timeoutMs = plan.timeoutMs ?? usualTimeoutMs;
  const every = rhythm(observed, observed.retries.events.length > 0 ? undefined : late, work);
  const roundMs = attempts * timeoutMs + (2 ** (attempts - 1) - 1) * firstWaitMs;
  const everyMs = Math.max(every.playMs, Math.round(1.1 * roundMs));
  return {
    plan: { part: 'retrying', work, everyMs, ...plan, attempts, timeoutMs },
    parameters: [every, ...parameters],
    forMs: rounds(everyMs, attempts === 1 ? roundsOfOne : 3),
  };
}
