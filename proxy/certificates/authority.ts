/**
 * A certificate authority that lives as long as a run. Its keys are EC P-256 unless it is told otherwise, and never leave the
 * run's directory; issuing a certificate takes a few milliseconds. Clients verify against `certPem`; no client disables
 * verification.
 *
 *   authority (self-signed, CA) ──signs──► server certificate for hosts
 *                               ──signs──► intermediate ──signs──► server certificate for hosts
 */
import { generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import {
  authorityKeyIdentifier,
  basicConstraints,
  type CertificateContent,
  keyUsage,
  keyUsages,
  serverAuthentication,
  signCertificate,
  subjectAlternativeName,
  subjectKeyIdentifier,
} from './x509.ts';

const generate = promisify(generateKeyPair);

const dayMs = 24 * 60 * 60 * 1000;

/**
 * EC P-256, RSA with 2048 bits, or Ed25519. Signatures of the last two always have the same length; an EC signature is a byte or two
 * longer or shorter each time, and so are the TLS records that carry it.
 */
export type KeyKind = 'ec' | 'rsa' | 'ed25519';

/** What a certificate is issued for. */
export interface IssueOptions {
  /** Names and IP addresses the certificate is valid for; the first one is its subject as well. */
  readonly hosts: readonly string[];
  /** Start of validity, epoch ms. @default a day before the authority's `now` */
  readonly notBefore?: number;
  /** End of validity, epoch ms. @default 30 days after the authority's `now` */
  readonly notAfter?: number;
  /** Signed with its own key instead of the authority's. @default false */
  readonly selfSigned?: boolean;
  /** @default what the authority's own is */
  readonly key?: KeyKind;
  /** With an RSA key of 1024 bits, which libraries no longer accept. @default false */
  readonly weakKey?: boolean;
}

/** A certificate with its private key (PKCS #8), all in PEM. */
export interface IssuedCertificate {
  readonly certPem: string;
  readonly keyPem: string;
  /** What a server presents: the certificate, then the authority's, if that signed it. */
  readonly chainPem: string;
}

/** A started authority. `certPem` is what clients trust. */
export interface Authority {
  readonly name: string;
  readonly certPem: string;
  readonly keyPem: string;
  /** The moment that validities are reckoned from, epoch ms of the wall clock: TLS libraries know no other. */
  readonly now: number;
  /** Of its key, and of the keys of what it issues unless it is told otherwise. */
  readonly key: KeyKind;
  issue(options: IssueOptions): Promise<IssuedCertificate>;
  /** An authority under this one, which may issue certificates for servers alone. Its clients trust this one. */
  createIntermediate(name: string): Promise<Authority>;
}

/** What an authority is made with. */
export interface AuthorityOptions {
  readonly name: string;
  /** The moment that validities are reckoned from, epoch ms of the wall clock. */
  readonly now: number;
  /** Of its own key, and of the keys of what it issues. @default 'ec' */
  readonly key?: KeyKind;
}

/** Makes an authority called `name`, valid from a day before `now` to 30 days after. */
export function createAuthority({ name, now, key = 'ec' }: AuthorityOptions): Promise<Authority> {
  return certify({ name, now, kind: key }, undefined);
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** What an authority has from the beginning. */
interface Beginning {
  readonly name: string;
  readonly now: number;
  readonly kind: KeyKind;
}

interface Issuer extends Beginning {
  readonly keys: KeyPair;
  readonly certPem: string;
}

/** Without `parent` the authority signs itself. */
async function certify(beginning: Beginning, parent: Issuer | undefined): Promise<Authority> {
  const { name, now, kind } = beginning;
  const keys = await generateKeys(kind);
  const content: CertificateContent = {
    serial: randomSerial(),
    issuer: parent?.name ?? name,
    subject: name,
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + 30 * dayMs),
    publicKey: keys.publicKey,
    extensions: [
      basicConstraints(true, parent ? 0 : 1),
      keyUsage(keyUsages.keyCertSign | keyUsages.cRLSign),
      subjectKeyIdentifier(keys.publicKey),
      ...(parent ? [authorityKeyIdentifier(parent.keys.publicKey)] : []),
    ],
  };
  const certPem = signCertificate(content, (parent?.keys ?? keys).privateKey);
  const issuer: Issuer = { ...beginning, keys, certPem };
  return {
    name,
    certPem,
    keyPem: exportKey(keys.privateKey),
    now,
    key: kind,
    issue: (options) => issue(issuer, options),
    createIntermediate: (child) => certify({ ...beginning, name: child }, issuer),
  };
}

async function issue(issuer: Issuer, options: IssueOptions): Promise<IssuedCertificate> {
  const { hosts, selfSigned = false } = options;
  const [subject] = hosts;
  if (subject === undefined) throw new RangeError('Expected `hosts` to name at least one host');
  const keys = await (options.weakKey ? generateWeakKeys() : generateKeys(options.key ?? issuer.kind));
  const signer = selfSigned ? keys : issuer.keys;
  const content: CertificateContent = {
    serial: randomSerial(),
    issuer: selfSigned ? subject : issuer.name,
    subject,
    notBefore: new Date(options.notBefore ?? issuer.now - dayMs),
    notAfter: new Date(options.notAfter ?? issuer.now + 30 * dayMs),
    publicKey: keys.publicKey,
    extensions: [
      basicConstraints(false),
      keyUsage(keyUsages.digitalSignature),
      serverAuthentication(),
      subjectAlternativeName(hosts),
      authorityKeyIdentifier(signer.publicKey),
    ],
  };
  const certPem = signCertificate(content, signer.privateKey);
  const chainPem = selfSigned ? certPem : certPem + issuer.certPem;
  return { certPem, keyPem: exportKey(keys.privateKey), chainPem };
}

function generateKeys(kind: KeyKind): Promise<KeyPair> {
  if (kind === 'ec') return generate('ec', { namedCurve: 'P-256' });
  return kind === 'rsa' ? generate('rsa', { modulusLength: 2_048 }) : generate('ed25519');
}

const generateWeakKeys = (): Promise<KeyPair> => generate('rsa', { modulusLength: 1_024 });

/** Positive and random, as RFC 5280 section 4.1.2.2 asks; its first byte is never 0, which DER would leave out. */
function randomSerial(): Buffer {
  const serial = randomBytes(16);
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  return serial;
}

function exportKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
