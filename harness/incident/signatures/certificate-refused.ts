/** The server’s certificate is refused, for a reason that the error names. */
import { unexplained } from './connections-cut.ts';
import { rhythm } from './measure.ts';
import type { Signature } from './signature.ts';

/** What the errors call it, and the lab’s flaw. */
const flaws: Readonly<Record<string, string>> = {
  'tls:expired': 'expired',
  'tls:not_yet_valid': 'not_yet_valid',
  'tls:wrong_host': 'wrong_host',
  'tls:unknown_ca': 'unknown_ca',
};

export const certificateRefused: Signature = {
  id: 'certificate-refused',
  title: 'The server’s certificate is one that has to be refused',
  shows:
    'Every handshake ends with an error or an alert that names the certificate: expired, of another host, of an unknown authority.',
  contradictedBy: 'Handshakes with the same server that succeed; a reset without a reason.',
  match(observed) {
    const refused = observed.failures.filter(({ family }) => flaws[family] !== undefined);
    const [most] = refused;
    if (most === undefined) return undefined;
    const { against, part } = unexplained(
      observed,
      refused.map(({ family }) => family),
    );
    const flaw = flaws[most.family] ?? 'expired';
    const every = rhythm(observed, most, 'report');
    return {
      score: 0.9 * part,
      reasons: [`${most.events.length} × a certificate that is ${flaw.replaceAll('_', ' ')}`],
      against: [...against, 'the naive agent verifies no certificate: a hardened one is played alone'],
      evidence: most.events,
      parameters: [{ name: 'flaw', value: flaw, from: 'as the error says' }, every],
      cast: {
        alone: 'hardened',
        plan: { part: 'agent', work: 'report', everyMs: every.playMs, certificate: flaw, steps: [] },
        faults: {
          flawed: {
            call: 'flawedCertificate',
            args: [flaw, 'agent→flawed'],
            link: 'agent→flawed',
            from: 'start',
          },
        },
        checks: {
          'no-request': {
            call: 'count',
            title: 'a server that cannot prove who it is gets no request',
            params: {
              of: { kind: 'server.log', event: 'request', path: { matches: '^/api/' } },
              given: { kind: 'tls.client-hello', link: 'agent→flawed' },
              atMost: 0,
              unit: 'requests',
            },
          },
          'says-why': {
            call: 'count',
            title: 'and the log says why',
            params: {
              of: { kind: 'agent.log', level: { anyOf: ['error', 'fatal'] } },
              given: { kind: 'tls.client-hello', link: 'agent→flawed' },
              atLeast: 1,
            },
          },
        },
        reported: [],
      },
    };
  },
};
