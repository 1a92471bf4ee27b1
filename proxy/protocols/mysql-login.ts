/**
 * Reads what opens a MySQL connection: the server's greeting (protocol version 10), and the client's answer to it, by
 * which both agree on capabilities.
 */
import { PACKET_HEADER_BYTES, PayloadCursor } from './mysql-packets.ts';

/** Capability flags that matter for reading. */
export const capability = {
  compress: 1 << 5,
  protocol41: 1 << 9,
  ssl: 1 << 11,
  deprecateEof: 1 << 24,
  optionalMetadata: 1 << 25,
  zstd: 1 << 26,
  queryAttributes: 1 << 27,
} as const;

/** What the server says first. */
export interface Greeting {
  readonly serverVersion: string;
  readonly capabilities: number;
  /** Where the lower two bytes of the capabilities stand in the payload. */
  readonly capabilitiesAt: number;
}

/** What the client answers. */
export interface Login {
  readonly capabilities: number;
  readonly user: string;
  /** It is the short form, after which the connection goes on in TLS. */
  readonly asksForTls: boolean;
}

const PROTOCOL = 10;
const SHORT_FORM_BYTES = 32;
const CONNECTION_ID_BYTES = 4;
const FIRST_SCRAMBLE_BYTES = 9;
/** They have about a hundred bytes. */
const LARGEST_GREETING = 1_024;

/** Whether the first bytes of a server begin like MySQL: a packet with number 0 that is a greeting or an error. */
export function looksLikeMysql(bytes: Buffer): boolean {
  if (bytes.length <= PACKET_HEADER_BYTES) return false;
  const [, , , sequence, first] = bytes;
  const plausible = bytes.readUIntLE(0, 3) <= LARGEST_GREETING && sequence === 0;
  return plausible && (first === PROTOCOL || first === 0xff);
}

/** The same for bytes that may be only the beginning of what it takes to tell. */
export function canBecomeGreeting(bytes: Buffer): boolean {
  const [, middle = 0, high = 0] = bytes;
  if (bytes.length > PACKET_HEADER_BYTES) return looksLikeMysql(bytes);
  return (middle << 8) + (high << 16) <= LARGEST_GREETING && (bytes[3] ?? 0) === 0;
}

/** Reads a greeting; undefined when it is none of version 10. */
export function parseGreeting(payload: Buffer): Greeting | undefined {
  const cursor = new PayloadCursor(payload);
  if (cursor.uint(1) !== PROTOCOL) return undefined;
  const serverVersion = cursor.text();
  const capabilitiesAt = cursor.position + CONNECTION_ID_BYTES + FIRST_SCRAMBLE_BYTES;
  cursor.position = capabilitiesAt;
  const low = cursor.uint(2);
  cursor.position += 3;
  const high = cursor.uint(2);
  return { serverVersion, capabilities: low | (high << 16), capabilitiesAt };
}

/** Reads a login of protocol 4.1; undefined for the older one. */
export function parseLogin(payload: Buffer): Login | undefined {
  const cursor = new PayloadCursor(payload);
  const capabilities = cursor.uint(4) | 0;
  if ((capabilities & capability.protocol41) === 0) return undefined;
  const asksForTls = (capabilities & capability.ssl) !== 0 && payload.length === SHORT_FORM_BYTES;
  cursor.position = SHORT_FORM_BYTES;
  return { capabilities, user: cursor.text(), asksForTls };
}
