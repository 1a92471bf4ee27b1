/** TLS handshakes break, all or a share of them. */
import { struck, survivedQuietly, toldFewTimes } from '../scenario/checks.ts';
import { failingShare, unexplained } from './connections-cut.ts';
import { rhythm, rounds, workOf } from './measure.ts';
import type { Signature } from './signature.ts';

const family = 'tls:handshake';

export const handshakeCut: Signature = {
  id: 'handshake-cut',
  title: 'TLS handshakes break off before they are complete',
  shows:
    'Connections are made and end during the handshake: an EOF or a reset in the TLS layer; on the wire a ClientHello, then RST or FIN.',
  contradictedBy:
    'Alerts or errors that name the certificate or the protocol: then the handshake was refused, not cut.',
  match(observed) {
    const cut = observed.failuresOf(family);
    if (cut === undefined) return undefined;
    const { against, part } = unexplained(observed, [family, 'reset']);
    const share = failingShare(observed, cut);
    const work = workOf(observed);
    const every = rhythm(observed, cut.events[0]?.side === 'wire' ? undefined : cut, work);
    const isAll = share.value > 0.95;
    const everyMs = isAll ? every.playMs : Math.min(every.playMs, 10_000);
    return {
      score: 0.9 * part,
      reasons: [`${cut.events.length} handshakes broke off`],
      against,
      evidence: cut.events,
      parameters: [share, every],
      cast: {
        plan: {
          part: 'agent',
          work,
          everyMs,
          // Each round needs a handshake.
          server: { KEEP_ALIVE_TIMEOUT: String(Math.max(0.05, (everyMs * 0.4) / 1_000)) },
          steps: [{ fault: 'cut', forMs: rounds(everyMs, isAll ? 6 : 16) }],
        },
        faults: {
          cut: {
            call: 'toxic',
            args: {
              type: 'tls_cut',
              attributes: { stage: 'client_hello', ...(isAll ? {} : { share: share.value }) },
            },
            link: 'agent→server',
          },
        },
        checks: isAll
          ? { 'told-few-times': toldFewTimes(struck('cut'), 12) }
          : { 'survived-quietly': survivedQuietly('cut') },
        reported: [isAll ? 'told-few-times' : 'survived-quietly'],
      },
    };
  },
};
