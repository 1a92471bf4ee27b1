import { type CertificateFlaw, certificateFlaws } from 'shaketable-proxy/certificates';
import * as z from 'zod';
import { type Fault, ownWorlds } from './fault.ts';
import { checked, text } from './params.ts';

/**
 * A server presents a certificate that has to be refused. The scenario starts the server with it, so there is nothing to
 * install; every TLS handshake on the link meets it.
 */
export function flawedCertificate(flaw: CertificateFlaw, link: string): Fault {
  const flaws = Object.keys(certificateFlaws);
  return checked('flawed_certificate', { flaw, link }, { flaw: z.enum(flaws), link: text }, shown);
}

function shown({ flaw, link }: { flaw: CertificateFlaw; link: string }): Fault {
  return {
    kind: 'flawed_certificate',
    place: 'certificate',
    params: { flaw, meaning: certificateFlaws[flaw] },
    worlds: ownWorlds,
    struckBy: { kind: 'tls.client-hello', link },
    install: async () => async () => {},
  };
}
