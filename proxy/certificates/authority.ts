/**
 * A certificate authority that lives as long as a run. WebCrypto generates its EC P-256 keys, which never leave the
 * run's directory; issuing a certificate takes a few milliseconds. Clients verify against `certPem`; no client disables
 * verification.
 *
 *   authority (self-signed, CA) ──signs──► server certificate for hosts
 *                               ──signs──► intermediate ──signs──► server certificate for hosts
 */
import 'reflect-metadata'; // @peculiar/x509 resolves its algorithms through it: it must come first.
import { randomBytes, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256' };
const weakKeyAlgorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 1_024,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
};
/** RFC 5280, appendix A.1: ub-common-name. */
const LONGEST_COMMON_NAME = 64;
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
  /** With an RSA key of 1024 bits, which libraries no longer accept. @default false: EC P-256 */
  weakKey?: boolean;
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
  /** An authority under this one, which may issue certificates for servers alone. Its clients trust this one. */
  createIntermediate(name: string): Promise<Authority>;
}

/** Makes an authority called `name`, valid from a day before `now` (epoch ms, wall clock) to 30 days after. */
export function createAuthority({ name, now }: { name: string; now: number }): Promise<Authority> {
  return certify(name, now, undefined);
}

interface Issuer {
  certificate: x509.X509Certificate;
  keys: webcrypto.CryptoKeyPair;
  certPem: string;
  now: number;
}

/** Without `parent` the authority signs itself. */
async function certify(name: string, now: number, parent: Issuer | undefined): Promise<Authority> {
  const keys = await generateKeys(keyAlgorithm);
  const certificate = await x509.X509CertificateGenerator.create({
    ...envelope(name, now - dayMs, now + 30 * dayMs),
    issuer: parent ? parent.certificate.subjectName.toJSON() : commonName(name),
    publicKey: keys.publicKey,
    signingKey: (parent?.keys ?? keys).privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, parent ? 0 : 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const issuer: Issuer = { certificate, keys, certPem: pemOf(certificate), now };
  return {
    name,
    certPem: issuer.certPem,
    keyPem: await exportKey(keys.privateKey),
    now,
    issue: (options) => issue(issuer, options),
    createIntermediate: (child) => certify(child, now, issuer),
  };
}

async function issue(issuer: Issuer, options: IssueOptions): Promise<IssuedCertificate> {
  const { hosts, selfSigned = false, weakKey = false } = options;
  const [subject] = hosts;
  if (subject === undefined) throw new RangeError('Expected `hosts` to name at least one host');
  const keys = await generateKeys(weakKey ? weakKeyAlgorithm : keyAlgorithm);
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
  return [{ CN: [name.slice(0, LONGEST_COMMON_NAME)] }];
}

function alternativeName(host: string): x509.JsonGeneralName {
  return { type: isIP(host) === 0 ? 'dns' : 'ip', value: host };
}

function generateKeys(
  algorithm: webcrypto.EcKeyGenParams | webcrypto.RsaHashedKeyGenParams,
): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function pemOf(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(pkcs8, x509.PemConverter.PrivateKeyTag)}\n`;
}
