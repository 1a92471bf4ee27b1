/**
 * A signed X.509 certificate as RFC 5280 section 4.1 lays it out. asn1js encodes, OpenSSL (node:crypto) brings the keys and
 * signs; object identifiers are those of RFC 5280, RFC 5758 and RFC 8410.
 */
import { createHash, type KeyObject, sign } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import {
  Boolean as Asn1Boolean,
  Set as Asn1Set,
  BitString,
  Constructed,
  fromBER,
  GeneralizedTime,
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Primitive,
  Sequence,
  UTCTime,
  Utf8String,
} from 'asn1js';

type Asn1 = ReturnType<typeof fromBER>['result'];

/** An extension, its value in DER. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: ArrayBuffer;
}

/** What a certificate says. */
export interface CertificateContent {
  /** Big endian; its first bit is 0, as the number is positive. */
  readonly serial: Uint8Array;
  /** Common names. */
  readonly issuer: string;
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Extension[];
}

/** RFC 5280, appendix A.1: ub-common-name. */
const longestCommonName = 64;
/** The first year that is written with four digits (RFC 5280 section 4.1.2.5). */
const fourDigitYear = 2050;

/** Signs with SHA-256, or as Ed25519 does. @returns PEM */
export function signCertificate(content: CertificateContent, signer: KeyObject): string {
  const { serial, issuer, subject, notBefore, notAfter, publicKey, extensions } = content;
  const algorithm = signatureAlgorithm(signer);
  const toBeSigned = sequence([
    tagged(0, [new Integer({ value: 2 })]), // Version 3.
    new Integer({ valueHex: toArrayBuffer(serial) }),
    algorithm,
    distinguishedName(issuer),
    sequence([time(notBefore), time(notAfter)]),
    distinguishedName(subject),
    subjectPublicKeyInfo(publicKey),
    tagged(3, [sequence(extensions.map(encodeExtension))]),
  ]);
  const signature = sign(digestOf(signer), Buffer.from(toBeSigned.toBER()), signer);
  const certificate = sequence([
    toBeSigned,
    algorithm,
    new BitString({ valueHex: toArrayBuffer(signature) }),
  ]);
  const lines = Buffer.from(certificate.toBER())
    .toString('base64')
    .match(/.{1,64}/g);
  return `-----BEGIN CERTIFICATE-----\n${lines?.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** `pathLength` is how many authorities may stand under this one; left out where it is none. */
export function basicConstraints(authority: boolean, pathLength?: number): Extension {
  const fields: Asn1[] = authority ? [new Asn1Boolean({ value: true })] : [];
  if (pathLength !== undefined) fields.push(new Integer({ value: pathLength }));
  return { oid: '2.5.29.19', critical: true, value: sequence(fields).toBER() };
}

/** Bits of the first byte of KeyUsage, the most significant first (RFC 5280 section 4.2.1.3). */
export const keyUsages = Object.freeze({ digitalSignature: 0x80, keyCertSign: 0x04, cRLSign: 0x02 });

export function keyUsage(bits: number): Extension {
  const unusedBits = Math.log2(bits & -bits);
  const value = new BitString({ valueHex: new Uint8Array([bits]).buffer, unusedBits });
  return { oid: '2.5.29.15', critical: true, value: value.toBER() };
}

export function serverAuthentication(): Extension {
  const value = sequence([new ObjectIdentifier({ value: '1.3.6.1.5.5.7.3.1' })]);
  return { oid: '2.5.29.37', critical: false, value: value.toBER() };
}

/** Names and IP addresses. */
export function subjectAlternativeName(hosts: readonly string[]): Extension {
  const value = sequence(hosts.map(generalName));
  return { oid: '2.5.29.17', critical: false, value: value.toBER() };
}

export function subjectKeyIdentifier(key: KeyObject): Extension {
  const value = new OctetString({ valueHex: keyIdentifier(key) });
  return { oid: '2.5.29.14', critical: false, value: value.toBER() };
}

export function authorityKeyIdentifier(key: KeyObject): Extension {
  const value = sequence([implicit(0, keyIdentifier(key))]);
  return { oid: '2.5.29.35', critical: false, value: value.toBER() };
}

/** SHA-1 of the key's bits: method 1 of RFC 5280 section 4.2.1.2. */
function keyIdentifier(key: KeyObject): ArrayBuffer {
  const bits = subjectPublicKeyInfo(key).valueBlock.value[1];
  if (!(bits instanceof BitString)) throw new TypeError('Expected a public key');
  return toArrayBuffer(createHash('sha1').update(bits.valueBlock.valueHexView).digest());
}

/** The algorithm of a key, and its bits. */
function subjectPublicKeyInfo(key: KeyObject): Sequence {
  const { result } = fromBER(key.export({ type: 'spki', format: 'der' }));
  if (result instanceof Sequence) return result;
  throw new TypeError('Expected a public key');
}

const signatureAlgorithms: Readonly<Record<string, () => Sequence>> = {
  ec: () => sequence([new ObjectIdentifier({ value: '1.2.840.10045.4.3.2' })]), // ecdsa-with-SHA256
  ed25519: () => sequence([new ObjectIdentifier({ value: '1.3.101.112' })]),
  rsa: () => sequence([new ObjectIdentifier({ value: '1.2.840.113549.1.1.11' }), new Null()]), // sha256WithRSAEncryption
};

function signatureAlgorithm({ asymmetricKeyType }: KeyObject): Sequence {
  const algorithm = signatureAlgorithms[String(asymmetricKeyType)];
  if (algorithm) return algorithm();
  throw new TypeError(`Expected an EC, RSA or Ed25519 key, got ${asymmetricKeyType}`);
}

/** Ed25519 has a digest of its own (RFC 8410). */
const digestOf = ({ asymmetricKeyType }: KeyObject): string | null =>
  asymmetricKeyType === 'ed25519' ? null : 'sha256';

function distinguishedName(commonName: string): Sequence {
  const type = new ObjectIdentifier({ value: '2.5.4.3' });
  const value = new Utf8String({ value: commonName.slice(0, longestCommonName) });
  return sequence([new Asn1Set({ value: [sequence([type, value])] })]);
}

function time(date: Date): UTCTime {
  return date.getUTCFullYear() < fourDigitYear
    ? new UTCTime({ valueDate: date })
    : new GeneralizedTime({ valueDate: date });
}

function encodeExtension({ oid, critical, value }: Extension): Sequence {
  return sequence([
    new ObjectIdentifier({ value: oid }),
    ...(critical ? [new Asn1Boolean({ value: true })] : []),
    new OctetString({ valueHex: value }),
  ]);
}

function generalName(host: string): Primitive {
  if (isIPv4(host)) return implicit(7, new Uint8Array(host.split('.').map(Number)).buffer);
  if (isIPv6(host)) return implicit(7, ipv6Bytes(host));
  return implicit(2, toArrayBuffer(Buffer.from(host, 'latin1')));
}

/** The 16 bytes; a zone is no part of the address. */
function ipv6Bytes(host: string): ArrayBuffer {
  const address = new URL(`http://[${host.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  const bytes = [...head, ...zeros, ...tail].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  return new Uint8Array(bytes).buffer;
}

function sequence(value: Asn1[]): Sequence {
  return new Sequence({ value });
}

/** An explicit tag: the value stands whole within it. */
function tagged(tagNumber: number, value: Asn1[]): Constructed {
  return new Constructed({ idBlock: { tagClass: 3, tagNumber }, value });
}

/** An implicit tag: it stands in the place of the value's own. */
function implicit(tagNumber: number, valueHex: ArrayBuffer): Primitive {
  return new Primitive({ idBlock: { tagClass: 3, tagNumber }, valueHex });
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
