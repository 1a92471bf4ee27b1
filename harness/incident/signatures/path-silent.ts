/** An open connection goes dead without a word. */
import { struck, toldFewTimes } from '../scenario/checks.ts';
import { unexplained } from './connections-cut.ts';
import type { Signature } from './signature.ts';
import { waitsOf } from './waits.ts';

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
    const { plan, parameters, forMs } = waitsOf(observed, undefined, 10_000);
    return {
      score: 0.95 * part,
      reasons: [`${silent.length} connections on which data are sent again and never acknowledged`],
      against,
      evidence: silent,
      // A path that comes alive again answers what hung on it by RST (RFC 9293, section 3.5.2).
      mayShow: ['reset'],
      parameters,
      cast: {
        plan: { ...plan, steps: [{ fault: 'dead', forMs }] },
        faults: {
          dead: { call: 'toxic', args: { type: 'blackhole', stream: 'both' }, link: 'agent→server' },
        },
        checks: { 'told-few-times': toldFewTimes(struck('dead'), 30) },
        reported: ['told-few-times'],
      },
    };
  },
};
