/**
 * Certificates that a client must refuse, one flaw each and nothing else wrong with them. `now` of the authority has to
 * be near the wall clock: the client's TLS library judges validity by that.
 */
import { type Authority, createAuthority, type IssuedCertificate } from './authority.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Each flaw with what a verifying client finds wrong. */
export const certificateFlaws = Object.freeze({
  expired: 'its validity ended a day ago',
  not_yet_valid: 'its validity begins tomorrow',
  wrong_host: 'it is issued for another host',
  self_signed: 'it is signed with its own key',
  unknown_ca: 'it is signed by an authority that nobody trusts',
});

/** A flaw of the table. */
export type CertificateFlaw = keyof typeof certificateFlaws;

/** Flaws on which clients differ: one that knows the intermediate, or takes weak keys, accepts the certificate. */
export type DisputedFlaw = 'incomplete_chain' | 'weak_key';

/** Issues a certificate for `hosts` with exactly one flaw. */
export async function issueFlawed(
  authority: Authority,
  flaw: CertificateFlaw | DisputedFlaw,
  hosts: readonly string[],
): Promise<IssuedCertificate> {
  const { now, key } = authority;
  switch (flaw) {
    case 'expired':
      return authority.issue({ hosts, notBefore: now - 10 * dayMs, notAfter: now - dayMs });
    case 'not_yet_valid':
      return authority.issue({ hosts, notBefore: now + dayMs, notAfter: now + 10 * dayMs });
    case 'wrong_host':
      return authority.issue({ hosts: ['another-host.invalid'] });
    case 'self_signed':
      return authority.issue({ hosts, selfSigned: true });
    case 'unknown_ca':
      return (await createAuthority({ name: 'An authority nobody trusts', now, key })).issue({ hosts });
    case 'incomplete_chain':
      return withoutChain(await (await authority.createIntermediate('An intermediate')).issue({ hosts }));
    case 'weak_key':
      return authority.issue({ hosts, weakKey: true });
  }
}

function withoutChain(issued: IssuedCertificate): IssuedCertificate {
  return { ...issued, chainPem: issued.certPem };
}
