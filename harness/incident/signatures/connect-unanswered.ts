/** Nobody answers a SYN. */
import { struck, toldFewTimes } from '../scenario/checks.ts';
import { unexplained } from './connections-cut.ts';
import type { Signature } from './signature.ts';
import { waitsOf } from './waits.ts';

export const connectUnanswered: Signature = {
  id: 'connect-unanswered',
  title: 'Connections are never answered: a firewall or a dead host swallows them',
  shows: 'Time-outs while connecting; on the wire SYN after SYN and nothing else.',
  contradictedBy: 'Connections that are made; refusals, which somebody has to send.',
  match(observed) {
    const late = observed.failuresOf('timeout');
    const connecting = late?.events.filter(({ detail }) => detail === 'connect') ?? [];
    if (late === undefined || connecting.length === 0) return undefined;
    const { against, part } = unexplained(observed, ['timeout']);
    const { plan, parameters, forMs } = waitsOf(observed, late, 10_000);
    return {
      score: 0.92 * part * (connecting.length / late.events.length),
      reasons: [`${connecting.length} × time-out while connecting`],
      against,
      evidence: connecting,
      parameters,
      cast: {
        plan: { ...plan, steps: [{ fault: 'silent', forMs }] },
        faults: { silent: { call: 'toxic', args: { type: 'silence_accept' }, link: 'agent→server' } },
        checks: { 'told-few-times': toldFewTimes(struck('silent'), 30) },
        reported: ['told-few-times'],
      },
    };
  },
};
