/** Reads ClientHello and ServerHello (RFC 8446, section 4.1; RFC 6066 and 7301 for the extensions). */

/** What a ClientHello tells. */
export interface ClientHello {
  /** Server name indication; undefined without one, as for an IP address. */
  readonly serverName: string | undefined;
  readonly alpn: readonly string[];
  /** `TLSv1.3` and so on, in the client's order; placeholders (GREASE) left out. */
  readonly versions: readonly string[];
  /** A session ticket, a pre-shared key, or below TLS 1.3 a session id. */
  readonly offersResumption: boolean;
  readonly sessionId: Buffer;
}

/** What a ServerHello tells. */
export interface ServerHello {
  readonly version: string;
  /** The IANA number, such as 0x1301. */
  readonly cipher: number;
  readonly sessionId: Buffer;
  /** The protocol chosen, such as `http/1.1`; in TLS 1.3 the choice is encrypted. */
  readonly alpn: string | undefined;
  /** It answers a pre-shared key (TLS 1.3). */
  readonly hasPreSharedKey: boolean;
  /** It asks for another ClientHello instead of answering. */
  readonly isRetryRequest: boolean;
}

const extension = {
  serverName: 0,
  alpn: 16,
  sessionTicket: 35,
  preSharedKey: 41,
  supportedVersions: 43,
} as const;
const versionNames = new Map([
  [0x0301, 'TLSv1'],
  [0x0302, 'TLSv1.1'],
  [0x0303, 'TLSv1.2'],
  [0x0304, 'TLSv1.3'],
]);
/** The `random` that marks a HelloRetryRequest: SHA-256 of that name. */
const retryRandom = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

/** Reads a ClientHello's body, without the message header; undefined when it is malformed. */
export function parseClientHello(body: Buffer): ClientHello | undefined {
  return orUndefined(() => {
    const reader = new Cursor(body);
    const legacyVersion = reader.uint(2);
    reader.bytes(32);
    const sessionId = reader.vector(1);
    reader.vector(2);
    reader.vector(1);
    const extensions = readExtensions(reader);
    const versions = readVersions(extensions.get(extension.supportedVersions), legacyVersion);
    const ticketBytes = extensions.get(extension.sessionTicket)?.length ?? 0;
    return {
      serverName: readServerName(extensions.get(extension.serverName)),
      alpn: readAlpn(extensions.get(extension.alpn)),
      versions,
      offersResumption:
        ticketBytes > 0 ||
        extensions.has(extension.preSharedKey) ||
        (sessionId.length > 0 && !versions.includes('TLSv1.3')),
      sessionId,
    };
  });
}

/** Reads a ServerHello's body, without the message header; undefined when it is malformed. */
export function parseServerHello(body: Buffer): ServerHello | undefined {
  return orUndefined(() => {
    const reader = new Cursor(body);
    const legacyVersion = reader.uint(2);
    const random = reader.bytes(32);
    const sessionId = reader.vector(1);
    const cipher = reader.uint(2);
    reader.uint(1);
    const extensions = readExtensions(reader);
    const chosen = extensions.get(extension.supportedVersions)?.readUInt16BE(0) ?? legacyVersion;
    return {
      version: versionName(chosen),
      cipher,
      sessionId,
      alpn: readAlpn(extensions.get(extension.alpn))[0],
      hasPreSharedKey: extensions.has(extension.preSharedKey),
      isRetryRequest: random.equals(retryRandom),
    };
  });
}

function readExtensions(reader: Cursor): Map<number, Buffer> {
  const extensions = new Map<number, Buffer>();
  if (reader.atEnd) return extensions;
  const list = new Cursor(reader.vector(2));
  while (!list.atEnd) extensions.set(list.uint(2), list.vector(2));
  return extensions;
}

function readServerName(data: Buffer | undefined): string | undefined {
  if (!data) return undefined;
  const names = new Cursor(new Cursor(data).vector(2));
  const type = names.uint(1);
  return type === 0 ? names.vector(2).toString('latin1') : undefined;
}

function readAlpn(data: Buffer | undefined): string[] {
  if (!data) return [];
  const list = new Cursor(new Cursor(data).vector(2));
  const protocols: string[] = [];
  while (!list.atEnd) protocols.push(list.vector(1).toString('latin1'));
  return protocols;
}

function readVersions(data: Buffer | undefined, legacyVersion: number): string[] {
  if (!data) return [versionName(legacyVersion)];
  const list = new Cursor(new Cursor(data).vector(1));
  const versions: string[] = [];
  while (!list.atEnd) {
    const version = list.uint(2);
    if (!isGrease(version)) versions.push(versionName(version));
  }
  return versions;
}

/** RFC 8701: values of the form 0x?a?a with both bytes equal. */
function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}

function versionName(version: number): string {
  return versionNames.get(version) ?? `0x${version.toString(16).padStart(4, '0')}`;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Walks over bytes; throws a RangeError past the end. */
class Cursor {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  bytes(count: number): Buffer {
    const end = this.#position + count;
    if (end > this.#bytes.length) throw new RangeError(`Expected ${count} more bytes`);
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }

  uint(size: number): number {
    return this.bytes(size).readUIntBE(0, size);
  }

  /** Bytes with their length in front, written in `size` bytes. */
  vector(size: number): Buffer {
    return this.bytes(this.uint(size));
  }
}
