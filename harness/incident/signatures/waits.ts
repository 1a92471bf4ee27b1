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
/** Attempts where the data tell none. */
const usualAttempts = 3;

/** One piece of work begins when the attempts at the one before are over. `usualTimeoutMs` is for data that tell none. */
export function waitsOf(observed: Observed, late: Failures | undefined, usualTimeoutMs: number): Waits {
  const { plan, parameters } = tries(observed);
  const work = workOf(observed);
  const attempts = plan.attempts ?? usualAttempts;
  const timeoutMs = plan.timeoutMs ?? usualTimeoutMs;
  const every = rhythm(observed, observed.retries.events.length > 0 ? undefined : late, work);
  const roundMs = attempts * timeoutMs + (2 ** (attempts - 1) - 1) * firstWaitMs;
  const everyMs = Math.max(every.playMs, Math.round(1.1 * roundMs));
  return {
    plan: { part: 'retrying', work, everyMs, ...plan, attempts, timeoutMs },
    parameters: [every, ...parameters],
    forMs: rounds(everyMs, 3),
  };
}
