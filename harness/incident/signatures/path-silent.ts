/** An open connection goes dead without a word. */
import { struck, toldFewTimes } from '../scenario/checks.ts';
import { unexplained } from './connections-cut.ts';
import { rhythm, rounds, tries, workOf } from './measure.ts';
import type { Signature } from './signature.ts';

export const pathSilent: Signature = {
  id: 'path-silent',
  title: 'The path goes dead under open connections: what is sent is never acknowledged',
  shows:
    'On the wire the same data again and again and no acknowledgement; in a log, time-outs that begin on a connection that worked.',
  contradictedBy: 'Acknowledgements without an answer: then the path is alive and the server is slow.',
  match(observed) {
    const silent = observed.events.filter(({ kind, detail }) => kind === 'timeout' && detail === 'silent');
    if (silent.length === 0) return undefined;
    const { against, part } = unexplained(observed, ['timeout']);
    const work = workOf(observed);
    const { plan, parameters } = tries(observed);
    const timeoutMs = plan.timeoutMs ?? 10_000;
    const attempts = plan.attempts ?? 3;
    const every = rhythm(observed, undefined, work);
    const everyMs = Math.max(
      every.playMs,
      Math.round(1.1 * (attempts * timeoutMs + (2 ** (attempts - 1) - 1) * 1_000)),
    );
    return {
      score: 0.95 * part,
      reasons: [`${silent.length} connections on which data are sent again and never acknowledged`],
      against,
      evidence: silent,
      parameters: [every, ...parameters],
      cast: {
        plan: {
          part: 'retrying',
          work,
          everyMs,
          ...plan,
          attempts,
          timeoutMs,
          steps: [{ fault: 'dead', forMs: rounds(everyMs, 3) }],
        },
        faults: {
          dead: { call: 'toxic', args: { type: 'blackhole', stream: 'both' }, link: 'agent→server' },
        },
        checks: { 'told-few-times': toldFewTimes(struck('dead'), 30) },
        reported: ['told-few-times'],
      },
    };
  },
};
