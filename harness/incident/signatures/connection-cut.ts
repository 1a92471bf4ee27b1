/** The connection breaks in place of an answer, and nothing says that the request was applied. */
import { survivedQuietly } from '../scenario/checks.ts';
import { failingShare, unexplained } from './connections-cut.ts';
import { rhythm, rounds, workOf } from './measure.ts';
import type { Signature } from './signature.ts';

export const connectionCut: Signature = {
  id: 'connection-cut',
  title: 'Connections are reset in place of answers',
  shows:
    'Requests are sent and answered by a reset or an early end, at any time, also right after a success.',
  contradictedBy: 'A pause before each reset; the same request several times at the server.',
  match(observed) {
    const resets = observed.failuresOf('reset');
    if (resets === undefined) return undefined;
    const repeated = observed.requests.some(({ size }) => size >= 2);
    const paused = resets.events.filter(({ idleMs = 0 }) => idleMs >= 400).length;
    const { against, part } = unexplained(observed, ['reset']);
    const share = failingShare(observed, resets);
    const work = workOf(observed);
    const every = rhythm(observed, resets.events[0]?.side === 'wire' ? undefined : resets, work);
    return {
      score: (repeated ? 0.4 : 0.75) * part * (1 - (0.6 * paused) / resets.events.length),
      reasons: [`${resets.events.length} × a reset in place of an answer`],
      against: [
        ...(repeated ? ['requests stand several times at the server'] : []),
        ...(paused > 0 ? [`${paused} of them follow a pause`] : []),
        ...against,
      ],
      evidence: resets.events,
      parameters: [share, every],
      cast: {
        plan: {
          part: 'agent',
          work,
          everyMs: every.playMs,
          seesInside: true,
          steps: [{ fault: 'cut', forMs: rounds(every.playMs, 6) }],
        },
        faults: {
          cut: {
            call: 'toxic',
            args: { type: 'http_lose_answer', attributes: { every: 2 } },
            link: 'agent→server',
          },
        },
        checks: { 'survived-quietly': survivedQuietly('cut') },
        reported: ['survived-quietly'],
      },
    };
  },
};
