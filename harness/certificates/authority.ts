/**
 * A certificate authority that lives as long as a run. Keys are EC P-256, made by WebCrypto, and never leave the run's
 * own directory; a certificate costs a few milliseconds. Clients verify against `certPem` and are never told to look away.
 *
 *   authority (self-signed, CA) ──signs──► server certificate for hosts
 */
import 'reflect-metadata'; // @peculiar/x509 resolves its algorithms through it: it must come first.
import { randomBytes, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256' };
const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
const dayMs = 24 * 60 * 60 * 1000;

/** What a certificate is issued for. */
export interface IssueOptions {
  /** Names and IP addresses the certificate is valid for; the first one is its subject as well. */
  hosts: readonly string[];
  /** Start of validity, epoch ms. @default a day before the authority's `now` */
  notBefore?: number;
  /** End of validity, epoch ms. @default 30 days after the authority's `now` */
  notAfter?: number;
  /** Signed with its own key instead of the authority's. @default false */
  selfSigned?: boolean;
}

/** A certificate with its private key (PKCS #8), all in PEM. */
export interface IssuedCertificate {
  certPem: string;
  keyPem: string;
  /** What a server presents: the certificate, then the authority's, if that signed it. */
  chainPem: string;
}

/** A started authority. `certPem` is what clients trust. */
export interface Authority {
  name: string;
  certPem: string;
  keyPem: string;
  /** The moment that validities are reckoned from, epoch ms of the wall clock: TLS libraries know no other. */
  now: number;
  issue(options: IssueOptions): Promise<IssuedCertificate>;
}

/** Makes an authority called `name`, valid from a day before `now` (epoch ms, wall clock) to 30 days after. */
export async function createAuthority({ name, now }: { name: string; now: number }): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...envelope(name, now - dayMs, now + 30 * dayMs),
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const certPem = pemOf(certificate);
  return {
    name,
    certPem,
    keyPem: await exportKey(keys.privateKey),
    now,
    issue: (options) => issue({ certificate, keys, certPem, now }, options),
  };
}

interface Issuer {
  certificate: x509.X509Certificate;
  keys: webcrypto.CryptoKeyPair;
  certPem: string;
  now: number;
}

async function issue(issuer: Issuer, options: IssueOptions): Promise<IssuedCertificate> {
  const { hosts, selfSigned = false } = options;
  const [subject] = hosts;
  if (subject === undefined) throw new RangeError('Expected `hosts` to name at least one host');
  const keys = await generateKeys();
  const signer = selfSigned ? keys : issuer.keys;
  const certificate = await x509.X509CertificateGenerator.create({
    ...envelope(
      subject,
      options.notBefore ?? issuer.now - dayMs,
      options.notAfter ?? issuer.now + 30 * dayMs,
    ),
    issuer: selfSigned ? commonName(subject) : issuer.certificate.subjectName.toJSON(),
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(hosts.map(alternativeName)),
      await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey),
    ],
  });
  const certPem = pemOf(certificate);
  const chainPem = selfSigned ? certPem : certPem + issuer.certPem;
  return { certPem, keyPem: await exportKey(keys.privateKey), chainPem };
}

/** The fields that every certificate has. The serial is positive and random, as RFC 5280 section 4.1.2.2 asks. */
function envelope(subject: string, notBefore: number, notAfter: number) {
  const serial = randomBytes(16);
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  const name = commonName(subject);
  return {
    serialNumber: serial.toString('hex'),
    subject: name,
    name,
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
    signingAlgorithm,
  };
}

function commonName(name: string): x509.JsonName {
  return [{ CN: [name] }];
}

function alternativeName(host: string): x509.JsonGeneralName {
  return { type: isIP(host) === 0 ? 'dns' : 'ip', value: host };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
}

function pemOf(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(pkcs8, x509.PemConverter.PrivateKeyTag)}\n`;
}
