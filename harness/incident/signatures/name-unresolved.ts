/** The server’s name cannot be looked up. */
import { struck, toldFewTimes } from '../scenario/checks.ts';
import { unexplained } from './connections-cut.ts';
import { rhythm, rounds, tries, workOf } from './measure.ts';
import type { Signature } from './signature.ts';

export const nameUnresolved: Signature = {
  id: 'name-unresolved',
  title: 'The server’s name does not resolve',
  shows:
    'Every attempt fails in the look-up (ENOTFOUND, EAI_AGAIN, no such host), before any packet goes to the server.',
  contradictedBy: 'Connections to that name in the same time.',
  match(observed) {
    const failed = observed.failuresOf('dns');
    if (failed === undefined) return undefined;
    const { against, part } = unexplained(observed, ['dns']);
    const work = workOf(observed);
    const every = rhythm(observed, failed, work);
    const { plan, parameters } = tries(observed);
    const isTemporary = failed.events.some(({ quote }) => /EAI_AGAIN|temporary failure/i.test(quote));
    return {
      score: 0.9 * part,
      reasons: [`${failed.events.length} look-ups failed`],
      against,
      evidence: failed.events,
      parameters: [every, ...parameters],
      cast: {
        plan: {
          // Who announces no attempt makes one: those that the lab’s agent hides would come in bursts.
          part: 'retrying',
          work,
          everyMs: every.playMs,
          attempts: 1,
          ...plan,
          steps: [{ fault: 'unknown', forMs: rounds(every.playMs) }],
        },
        faults: {
          unknown: {
            call: 'unresolvableName',
            args: ['server.shaketable.test', ...(isTemporary ? ['EAI_AGAIN'] : [])],
          },
        },
        checks: { 'told-few-times': toldFewTimes(struck('unknown'), 8) },
        reported: ['told-few-times'],
      },
    };
  },
};
