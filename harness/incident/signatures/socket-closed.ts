/** WebSockets are closed by somebody, with a code that says why. */
import { honestMessages } from '../scenario/checks.ts';
import { unexplained } from './connections-cut.ts';
import { rhythm, rounds } from './measure.ts';
import type { Signature } from './signature.ts';

export const socketClosed: Signature = {
  id: 'socket-closed',
  title: 'WebSockets are closed again and again by the server or something before it',
  shows:
    'Close codes such as 1001, 1006, 1011 or 1012 in the log, or close frames on the wire, and connections that are made again.',
  contradictedBy: 'A single close at the end of the program; code 1000.',
  match(observed) {
    const closed = observed.failures.filter(({ family }) => family.startsWith('ws-close'));
    const [most] = closed;
    if (most === undefined) return undefined;
    const { against, part } = unexplained(
      observed,
      closed.map(({ family }) => family),
    );
    const code = Number(most.family.slice('ws-close:'.length));
    const every = rhythm(observed, most, 'message');
    const everyMs = Math.min(60_000, every.playMs);
    return {
      score: 0.85 * part,
      reasons: [`${most.events.length} × close code ${code}`],
      against,
      evidence: most.events,
      // Until the next connection is made, messages find none.
      mayShow: ['not-connected'],
      parameters: [{ name: 'code', value: code, from: 'as the data say' }, every],
      cast: {
        plan: {
          part: 'channel',
          work: 'message',
          everyMs: Math.min(5_000, everyMs),
          seesInside: true,
          steps: [{ fault: 'closed', forMs: rounds(everyMs, 5) }],
        },
        faults: {
          closed: {
            call: 'toxic',
            args:
              code === 1006 || code === 1015
                ? { type: 'reset_idle', attributes: { after: Math.round(everyMs * 0.9) } }
                : { type: 'websocket_close', attributes: { code, after_ms: Math.round(everyMs * 0.9) } },
            link: 'agent→server',
          },
        },
        // Who connects again in time has lost nothing, and nothing to tell.
        checks: { 'honest-success': honestMessages('closed')['honest-success'] },
        reported: ['honest-success'],
      },
    };
  },
};
