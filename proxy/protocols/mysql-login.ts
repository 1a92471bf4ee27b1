/**
 * Reads what opens a MySQL connection: the server's greeting (protocol version 10), and the client's answer to it, by
 * which both agree on capabilities.
 */
import { PayloadCursor, packetHeaderBytes } from './mysql-packets.ts';

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

const protocol = 10;
const shortFormBytes = 32;
const connectionIdBytes = 4;
const firstScrambleBytes = 9;
/** They have about a hundred bytes. */
const largestGreeting = 1_024;

/** Whether the first bytes of a server begin like MySQL: a packet with number 0 that is a greeting or an error. */
export function looksLikeMysql(bytes: Buffer): boolean {
  if (bytes.length <= packetHeaderBytes) return false;
  const [, , , sequence, first] = bytes;
  const plausible = bytes.readUIntLE(0, 3) <= largestGreeting && sequence === 0;
  return plausible && (first === protocol || first === 0xff);
}

/** The same for bytes that may be only the beginning of what it takes to tell. */
export function canBecomeGreeting(bytes: Buffer): boolean {
  const [, middle = 0, high = 0] = bytes;
  if (bytes.length > packetHeaderBytes) return looksLikeMysql(bytes);
  return (middle << 8) + (high << 16) <= largestGreeting && (bytes[3] ?? 0) === 0;
}

/** Reads a greeting; undefined when it is none of version 10. */
export function parseGreeting(payload: Buffer): Greeting | undefined {
  const cursor = new PayloadCursor(payload);
  if (cursor.uint(1) !== protocol) return undefined;
  const serverVersion = cursor.text();
  const capabilitiesAt = cursor.position + connectionIdBytes + firstScrambleBytes;
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
  const asksForTls = (capabilities & capability.ssl) !== 0 && payload.length === shortFormBytes;
  cursor.position = shortFormBytes;
  return { capabilities, user: cursor.text(), asksForTls };
}
