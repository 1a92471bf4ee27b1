/**
 * Reads TLS records from a byte stream, however the bytes are split into chunks, without keeping more than one
 * unfinished record (RFC 8446, section 5.1).
 *
 *     type(1) version(2) length(2) body(length)
 */

/** Content types of records. In TLS 1.3 everything encrypted is `applicationData`. */
export const contentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

/** One complete record. */
export interface TlsRecord {
  readonly type: number;
  /** With the header, as it was on the wire. */
  readonly bytes: Buffer;
  readonly body: Buffer;
}

const headerBytes = 5;
/** 2^14 of content and 2048 of expansion, the most that TLS 1.2 allows. */
const largestBody = 2 ** 14 + 2_048;

/** Of the first record: header and the kind of the first message. */
const tellingBytes = headerBytes + 1;
/** ClientHello and ServerHello. */
const hellos = [1, 2];

/** What the first record of a side can be: a hello, or the alert of a server that wants none. */
const beginsConnection = (type: number, firstByte: number | undefined): boolean =>
  type === contentType.alert ||
  (type === contentType.handshake && (firstByte === undefined || hellos.includes(firstByte)));

export class TlsRecordReader {
  #rest: Buffer = Buffer.alloc(0);
  #broken = false;
  #records = 0;
  readonly #joinedLate: boolean;

  /** `joinedLate` says that bytes passed before, so that the first record may be of any kind. */
  constructor({ joinedLate }: { readonly joinedLate: boolean } = { joinedLate: true }) {
    this.#joinedLate = joinedLate;
  }

  /**
   * Whether bytes are held that may be no TLS: there was no record yet, and they are less than tells one. Within a
   * connection whose beginning was missed a header alone tells nothing.
   */
  get undecided(): boolean {
    if (this.#broken || this.#records > 0 || this.#rest.length === 0) return false;
    return this.#joinedLate || this.#rest.length < tellingBytes;
  }

  /** Decides that what is held is no TLS. */
  giveUp(): void {
    this.#broken = true;
  }

  /** Whether something came that is no TLS record; everything after it stays in `takeRest`. */
  get broken(): boolean {
    return this.#broken;
  }

  /** The records that `bytes` complete, in order. */
  push(bytes: Buffer): TlsRecord[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const records: TlsRecord[] = [];
    for (let record = this.#next(); record; record = this.#next()) records.push(record);
    return records;
  }

  /** The bytes that are no complete record yet; the reader forgets them. */
  takeRest(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest;
  }

  #next(): TlsRecord | undefined {
    const [type = contentType.handshake, major = 3, minor = 3, , , first = hellos[0]] = this.#rest;
    if (type < contentType.changeCipherSpec || type > contentType.applicationData || major !== 3)
      this.#broken = true;
    const begins = this.#records === 0 && !this.#joinedLate;
    if (begins && (minor > 4 || !beginsConnection(type, first))) this.#broken = true;
    if (this.#broken || this.#rest.length < headerBytes) return undefined;

    const bodyBytes = this.#rest.readUInt16BE(3);
    if (bodyBytes > largestBody) this.#broken = true;
    const end = headerBytes + bodyBytes;
    if (this.#broken || this.#rest.length < end) return undefined;

    const bytes = this.#rest.subarray(0, end);
    this.#rest = this.#rest.subarray(end);
    this.#records += 1;
    return { type, bytes, body: bytes.subarray(headerBytes) };
  }
}
