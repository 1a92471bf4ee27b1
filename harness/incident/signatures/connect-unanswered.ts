/** Nobody answers a SYN. */
import { struck, toldFewTimes } from '../scenario/checks.ts';
import { unexplained } from './connections-cut.ts';
import { rhythm, rounds, tries, workOf } from './measure.ts';
import type { Signature } from './signature.ts';

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
    const work = workOf(observed);
    const { plan, parameters } = tries(observed);
    const timeoutMs = plan.timeoutMs ?? 10_000;
    const attempts = plan.attempts ?? 3;
    const every = rhythm(observed, observed.retries.events.length > 0 ? undefined : late, work);
    const everyMs = Math.max(
      every.playMs,
      Math.round(1.1 * (attempts * timeoutMs + (2 ** (attempts - 1) - 1) * 1_000)),
    );
    return {
      score: 0.92 * part * (connecting.length / late.events.length),
      reasons: [`${connecting.length} × time-out while connecting`],
      against,
      evidence: connecting,
      parameters: [every, ...parameters],
      cast: {
        plan: {
          part: 'retrying',
          work,
          everyMs,
          ...plan,
          attempts,
          timeoutMs,
          steps: [{ fault: 'silent', forMs: rounds(everyMs, 3) }],
        },
        faults: { silent: { call: 'toxic', args: { type: 'silence_accept' }, link: 'agent→server' } },
        checks: { 'told-few-times': toldFewTimes(struck('silent'), 30) },
        reported: ['told-few-times'],
      },
    };
  },
};
