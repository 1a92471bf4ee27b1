/** Certificates for tests: an authority made on the spot, and identities that it signs. */
import { createAuthority, type IssuedCertificate, issueFlawed } from '../../../proxy/certificates/index.ts';

/** PEM of a certificate and its key. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** An authority and a server identity for 127.0.0.1 and localhost. */
export interface TestCertificates {
  readonly ca: string;
  readonly server: Identity;
  /** Signed by itself, known to nobody. */
  readonly selfSigned: Identity;
  readonly expired: Identity;
  /** For another host. */
  readonly wrongHost: Identity;
}

const hosts = ['localhost', '127.0.0.1'];

let made: Promise<TestCertificates> | undefined;

/** Makes the certificates once for a test file. */
export function testCertificates(): Promise<TestCertificates> {
  made ??= make();
  return made;
}

async function make(): Promise<TestCertificates> {
  const authority = await createAuthority({ name: 'Test Authority', now: Date.now() });
  const [server, selfSigned, expired, wrongHost] = await Promise.all([
    authority.issue({ hosts: hosts }),
    issueFlawed(authority, 'self_signed', hosts),
    issueFlawed(authority, 'expired', hosts),
    issueFlawed(authority, 'wrong_host', hosts),
  ]);
  return {
    ca: authority.certPem,
    server: identity(server),
    selfSigned: identity(selfSigned),
    expired: identity(expired),
    wrongHost: identity(wrongHost),
  };
}

/** The certificate alone: clients of these tests know the authority. */
function identity({ certPem, keyPem }: IssuedCertificate): Identity {
  return { cert: certPem, key: keyPem };
}
