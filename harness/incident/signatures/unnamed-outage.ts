/** Something fails again and again with growing waits, and the log does not say what. */
import { struck, toldFewTimes } from '../scenario/checks.ts';
import { rhythm, tries, workOf } from './measure.ts';
import type { Signature } from './signature.ts';

export const unnamedOutage: Signature = {
  id: 'unnamed-outage',
  title: 'An outage that is tried again after growing waits, and whose cause is not in the log',
  shows: 'Announced waits that grow, perhaps up to a cap, and no record of what failed.',
  contradictedBy: 'Any record that names a failure: then its own signature is the better one.',
  match(observed) {
    const { retries, failures } = observed;
    if (retries.waitsMs.length < 2 || (retries.growth === undefined && retries.capMs === undefined))
      return undefined;
    const { plan, parameters } = tries(observed);
    const work = workOf(observed);
    const every = rhythm(observed, undefined, work);
    const attempts = plan.attempts ?? retries.waitsMs.length + 1;
    const total = retries.waitsMs.reduce((sum, wait) => sum + wait, 0);
    const everyMs = Math.max(every.playMs, Math.round(total * 1.2));
    return {
      score: failures.length === 0 ? 0.6 : 0.1,
      reasons: [
        `waits of ${retries.waitsMs.map((ms) => `${ms / 1_000} s`).join(', ')} are announced`,
        'a closed port is the simplest cause that gives them',
      ],
      against: [
        'the log does not name what failed, so the kind of failure is a guess',
        ...failures.map(({ family }) => `${family} is named`),
      ],
      mayShow: ['refused'],
      evidence: retries.events,
      parameters: [every, ...parameters],
      cast: {
        plan: {
          part: 'retrying',
          work,
          everyMs,
          ...plan,
          attempts: Math.max(attempts, retries.waitsMs.length + 1),
          steps: [{ fault: 'down', forMs: Math.round(everyMs * 3.5) }],
        },
        faults: { down: { call: 'refuseConnections', link: 'agent→server' } },
        checks: { 'told-few-times': toldFewTimes(struck('down'), 12) },
        reported: ['told-few-times'],
      },
    };
  },
};
