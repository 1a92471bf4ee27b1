/** Certificates for tests: an authority made on the spot, and identities that it signs. */
import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

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

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const HOUR_MS = 3_600_000;

let made: Promise<TestCertificates> | undefined;

/** Makes the certificates once for a test file. */
export function testCertificates(): Promise<TestCertificates> {
  made ??= make();
  return made;
}

async function make(): Promise<TestCertificates> {
  const keys = await newKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Test Authority',
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(-1, 1),
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  const issue = (host: string, from: number, to: number) =>
    identity(host, validity(from, to), { subject: authority.subject, key: keys.privateKey });
  const [server, expired, wrongHost, selfSigned] = await Promise.all([
    issue('localhost', -1, 1),
    issue('localhost', -2, -1),
    issue('elsewhere.example', -1, 1),
    identity('localhost', validity(-1, 1)),
  ]);
  return { ca: authority.toString('pem'), server, expired, wrongHost, selfSigned };
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const validity = (fromHours: number, toHours: number) => ({
  notBefore: new Date(Date.now() + fromHours * HOUR_MS),
  notAfter: new Date(Date.now() + toHours * HOUR_MS),
});

async function identity(
  host: string,
  valid: { notBefore: Date; notAfter: Date },
  issuer?: { subject: string; key: webcrypto.CryptoKey },
): Promise<Identity> {
  const keys = await newKeys();
  const addresses = host === 'localhost' ? [{ type: 'ip', value: '127.0.0.1' } as const] : [];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: '02',
    subject: `CN=${host}`,
    issuer: issuer?.subject ?? `CN=${host}`,
    publicKey: keys.publicKey,
    signingKey: issuer?.key ?? keys.privateKey,
    signingAlgorithm: ALGORITHM,
    ...valid,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }, ...addresses])],
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`;
  return { cert: certificate.toString('pem'), key };
}
