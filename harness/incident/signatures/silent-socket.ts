/** A WebSocket that looks open and is not. */
import { honestMessages } from '../scenario/checks.ts';
import { rhythm, rounds } from './measure.ts';
import type { Signature } from './signature.ts';

export const silentSocket: Signature = {
  id: 'silent-socket',
  title: 'Messages are sent into a WebSocket that is not connected, and count as done',
  shows:
    'The log says that a WebSocket is not connected or that a send failed, and nobody is told; no close code is logged.',
  contradictedBy:
    'Close codes, which say that an end was noticed; a record of each message that was not delivered.',
  match(observed) {
    const lost = observed.failuresOf('not-connected');
    if (lost === undefined) return undefined;
    const closes = observed.failures.filter(({ family }) => family.startsWith('ws-close'));
    const every = rhythm(observed, lost, 'message');
    return {
      score: closes.length > 0 ? 0.5 : 0.8,
      reasons: [`${lost.events.length} × a WebSocket that is not connected, or a send that failed`],
      against: closes.map(({ family, events }) => `${events.length} × ${family}: its end was noticed`),
      evidence: lost.events,
      parameters: [every],
      cast: {
        plan: {
          part: 'channel',
          work: 'message',
          everyMs: every.playMs,
          steps: [{ fault: 'dead', forMs: rounds(every.playMs) }],
        },
        faults: {
          dead: { call: 'toxic', args: { type: 'blackhole', stream: 'upstream' }, link: 'agent→server' },
        },
        checks: honestMessages('dead'),
        reported: ['honest-success', 'is-told'],
      },
    };
  },
};
