import { type CertificateFlaw, certificateFlaws } from 'shaketable-proxy/certificates';
import { type Fault, ownWorlds } from './fault.ts';

/**
 * A server presents a certificate that has to be refused. The scenario starts the server with it, so there is nothing to
 * install; every TLS handshake on the link meets it.
 */
export function flawedCertificate(flaw: CertificateFlaw, link: string): Fault {
  return {
    kind: 'flawed_certificate',
    place: 'certificate',
    params: { flaw, meaning: certificateFlaws[flaw] },
    worlds: ownWorlds,
    struckBy: { kind: 'tls.client-hello', link },
    install: async () => async () => {},
  };
}
