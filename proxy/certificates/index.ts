/** Certificates of a run: a lab authority, the certificates it issues, and the flawed ones a client must refuse. */

export {
  type Authority,
  createAuthority,
  type IssuedCertificate,
  type IssueOptions,
  type KeyKind,
} from './authority.ts';
export { type CertificateFlaw, certificateFlaws, type DisputedFlaw, issueFlawed } from './flaws.ts';
