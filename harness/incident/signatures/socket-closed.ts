/** WebSockets are closed by somebody, with a code that says why. */
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
                : { type: 'websocket_close', attributes: { code } },
            link: 'agent→server',
          },
        },
        checks: {
          'honest-success': {
            call: 'honestClaims',
            title: 'every message reported as delivered was received',
            params: {
              claims: { kind: 'subject.note', name: 'send', status: 'acknowledged' },
              denials: { kind: 'subject.note', name: 'send', status: 'failed' },
              received: { kind: 'server.log', event: 'ws_message' },
              key: 'id',
              given: { kind: 'subject.note', name: 'send' },
            },
          },
          'is-told': {
            call: 'count',
            title: 'the log has each message that may not have arrived',
            params: {
              of: { kind: 'agent.log', event: 'ws_send_failed' },
              given: { kind: 'fault.strike', fault: 'closed' },
              atLeast: 1,
            },
          },
        },
        reported: ['honest-success', 'is-told'],
      },
    };
  },
};
