/** Nobody listens at the server’s port. */
import { struck, toldFewTimes } from '../scenario/checks.ts';
import { partOf, rhythm, rounds, tries, workOf } from './measure.ts';
import type { Signature } from './signature.ts';

export const portClosed: Signature = {
  id: 'port-closed',
  title: 'The server is down, and its port is closed',
  shows:
    'Every connection is refused at once (ECONNREFUSED, errno 111; on the wire a SYN is answered by RST).',
  contradictedBy: 'Connections that are made in between; time-outs, which say that nobody answers at all.',
  match(observed) {
    const refused = observed.failuresOf('refused');
    if (refused === undefined) return undefined;
    const others = observed.failures.filter(({ family }) => family !== 'refused');
    const othersCount = others.reduce((sum, { events }) => sum + events.length, 0);
    const work = workOf(observed);
    const every = rhythm(observed, refused, work);
    const { plan, parameters } = tries(observed);
    const attemptsMs = (plan.attempts ?? 3) > 3 ? 2 ** (plan.attempts ?? 3) * 1_000 : 8_000;
    const everyMs = Math.max(every.playMs, plan.waits === 'capped' ? 900_000 : 1_000);
    return {
      score: 0.9 * (refused.events.length / (refused.events.length + othersCount)),
      reasons: [`${refused.events.length} × connection refused`],
      against: others.map(({ family, events }) => `${events.length} × ${family} is not explained by it`),
      evidence: refused.events,
      parameters: [every, ...parameters],
      cast: {
        plan: {
          part: partOf(observed),
          work,
          everyMs,
          ...plan,
          steps: [{ fault: 'down', forMs: Math.max(rounds(everyMs, 5), 5 * attemptsMs) }],
        },
        faults: { down: { call: 'refuseConnections', link: 'agent→server' } },
        checks: { 'told-few-times': toldFewTimes(struck('down'), 12) },
        reported: ['told-few-times'],
      },
    };
  },
};
