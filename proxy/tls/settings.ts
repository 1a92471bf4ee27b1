/**
 * The `tls` key of a proxy: it answers the client's handshake itself, with a certificate made for the name that the
 * client asks for, so that toxics see what is inside. What a client leaves out of it stays as it was. Unknown keys are
 * refused: a typo would leave the certificate without its flaw.
 */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { invalidAttribute } from '../core/api-error.ts';
import { choice, flag, type Setting, text } from '../core/attributes.ts';
import { assertSelectsAtAccept, decodeSelector } from '../core/decode-selector.ts';
import { describeJson, type Json } from '../core/json.ts';
import type { Selector } from '../core/selector.ts';

/** Oldest first. */
export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof tlsVersions)[number];

const largestCaText = 256 * 1024;
const mostProtocols = 16;
const longestName = 253;
/** A host name as it may stand in a certificate; underscores occur in private networks. */
const hostName = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i;

const attributes = {
  /** What is wrong with the certificate, if anything. */
  certificate: choice([
    'valid',
    'expired',
    'not_yet_valid',
    'wrong_host',
    'self_signed',
    'unknown_ca',
    'incomplete_chain',
    'weak_key',
  ]),
  /** The name or IP address in the certificate, instead of the one that the client asks for. */
  host: text({ max: longestName }),
  /** Those that the client may use; without a gap. */
  versions: list<TlsVersion>(['TLSv1.2', 'TLSv1.3'], 'versions of TLS', versionOf),
  /** Whether a client that comes back with a ticket resumes its session; tickets are handed out either way. */
  tickets: choice(['accepted', 'refused']),
  /** Application protocols (ALPN), the preferred one first; with none, the proxy takes no part in choosing. */
  alpn: list<string>(['http/1.1'], 'names of protocols', protocolOf),
  /** Whether the client is asked for a certificate, and has to have one. */
  client_certificate: choice(['none', 'requested', 'required']),
  /** Certificates (PEM) of the authorities of which one has to have issued the client's; without, any will do. */
  client_ca: text({ max: largestCaText }),
  /** How the server is spoken to. */
  upstream: choice(['tls', 'plain']),
  /** Whether the server's certificate is verified. */
  upstream_verify: { ...flag(), initial: true },
  /** Certificates (PEM) of the authorities that the server's is verified against, instead of Node's own. */
  upstream_ca: text({ max: largestCaText }),
  /** The name that the server is asked for and verified by, instead of the one that the client asks for. */
  upstream_server_name: text({ max: longestName }),
} as const;

type Values = {
  readonly [K in keyof typeof attributes]: (typeof attributes)[K] extends Setting<infer T> ? T : never;
};

/** Every value; the keys are those of the JSON. */
export interface TlsSettings extends Values {
  /** Which connections meet the flawed certificate; the others get a valid one. */
  readonly only?: Selector;
}

/** What a client gave: some of the values, or `false` for no TLS any more. */
export type TlsChange = Partial<TlsSettings> | false;

/** Reads the `tls` key: an object, or `true` and `false`. @throws {ApiError} 400 */
export function decodeTls(json: Json | undefined): TlsChange | undefined {
  if (json === undefined) return undefined;
  if (json.kind === 'bool') return json.value ? {} : false;
  if (json.kind !== 'object') throw invalidAttribute('tls', 'an object, true or false', describeJson(json));
  const given: Record<string, unknown> = {};
  for (const [key, value] of json.fields) {
    if (value.kind === 'null') continue;
    if (key === 'only') given[key] = decodeSelector(value);
    else given[key] = attributeOf(key).decode(value, `tls.${key}`);
  }
  return given;
}

function attributeOf(key: string): Setting<unknown> {
  const known: Readonly<Record<string, Setting<unknown>>> = attributes;
  const attribute = Object.hasOwn(known, key) ? known[key] : undefined;
  if (!attribute)
    throw invalidAttribute('tls', `${Object.keys(attributes).join(', ')} or only`, JSON.stringify(key));
  return attribute;
}

/** What a change makes of the settings so far; undefined is no TLS. @throws {ApiError} 400 */
export function changeTls(current: TlsSettings | undefined, change: TlsChange): TlsSettings | undefined {
  if (change === false) return undefined;
  const initial = Object.entries(attributes).map(([key, attribute]) => [key, attribute.initial]);
  const settings: TlsSettings = { ...Object.fromEntries(initial), ...current, ...change };
  assertSelectsAtAccept('tls', settings.only);
  if (settings.only?.above !== undefined)
    throw invalidAttribute('only.above', 'none for tls', settings.only.above);
  assertUnbroken(settings.versions);
  assertCertificates('tls.upstream_ca', settings.upstream_ca);
  assertCertificates('tls.client_ca', settings.client_ca);
  assertHost('tls.host', settings.host, isHost);
  assertHost('tls.upstream_server_name', settings.upstream_server_name, isHostName);
  return settings;
}

/** The oldest and the newest version of the settings. */
export function versionRange({ versions }: TlsSettings): {
  readonly min: TlsVersion;
  readonly max: TlsVersion;
} {
  const sorted = tlsVersions.filter((version) => versions.includes(version));
  return { min: sorted.at(0) ?? 'TLSv1.2', max: sorted.at(-1) ?? 'TLSv1.3' };
}

/** Whether a text can be asked for as a server's name (RFC 6066, section 3: no IP address). */
export function isHostName(text: string): boolean {
  return text.length <= longestName && hostName.test(text) && isIP(text) === 0;
}

function isHost(text: string): boolean {
  return isHostName(text) || isIP(text) > 0;
}

function assertHost(where: string, text: string, valid: (text: string) => boolean): void {
  if (text !== '' && !valid(text)) throw invalidAttribute(where, 'a host', JSON.stringify(text));
}

function assertUnbroken(versions: readonly TlsVersion[]): void {
  const places = versions.map((version) => tlsVersions.indexOf(version));
  const unbroken = Math.max(...places) - Math.min(...places) + 1 === new Set(places).size;
  if (!unbroken)
    throw invalidAttribute('tls.versions', 'versions without a gap', versions.join(', ') || 'none');
}

/** The certificates in a text. */
export function certificatesIn(pem: string): X509Certificate[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return found.map((certificate) => new X509Certificate(certificate));
}

function assertCertificates(where: string, pem: string): void {
  if (pem === '') return;
  try {
    if (certificatesIn(pem).length === 0) throw new Error('no certificate');
  } catch (error) {
    const { message } = error as Error;
    throw invalidAttribute(where, 'certificates in PEM', message);
  }
}

function list<T>(
  initial: readonly T[],
  what: string,
  read: (json: Json) => T | undefined,
): Setting<readonly T[]> {
  return {
    initial,
    range: `an array of ${what}`,
    decode(json, name) {
      const items = json.kind === 'array' ? json.items.map(read) : [undefined];
      const known = items.filter((item) => item !== undefined);
      if (known.length < items.length || items.length > mostProtocols)
        throw invalidAttribute(name, `an array of ${what}`, describeJson(json));
      return known;
    },
  };
}

function versionOf(json: Json): TlsVersion | undefined {
  return json.kind === 'string' ? tlsVersions.find((version) => version === json.value) : undefined;
}

/** RFC 7301, section 3.1: 1 to 255 bytes. */
function protocolOf(json: Json): string | undefined {
  return json.kind === 'string' && /^[\x21-\x7e]{1,255}$/.test(json.value) ? json.value : undefined;
}
