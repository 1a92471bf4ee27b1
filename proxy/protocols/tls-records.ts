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

const HEADER_BYTES = 5;
/** 2^14 of content and 2048 of expansion, the most that TLS 1.2 allows. */
const LARGEST_BODY = 2 ** 14 + 2_048;

export class TlsRecordReader {
  #rest: Buffer = Buffer.alloc(0);
  #broken = false;

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
    const [type = contentType.handshake, major = 3] = this.#rest;
    if (type < contentType.changeCipherSpec || type > contentType.applicationData || major !== 3)
      this.#broken = true;
    if (this.#broken || this.#rest.length < HEADER_BYTES) return undefined;

    const bodyBytes = this.#rest.readUInt16BE(3);
    if (bodyBytes > LARGEST_BODY) this.#broken = true;
    const end = HEADER_BYTES + bodyBytes;
    if (this.#broken || this.#rest.length < end) return undefined;

    const bytes = this.#rest.subarray(0, end);
    this.#rest = this.#rest.subarray(end);
    return { type, bytes, body: bytes.subarray(HEADER_BYTES) };
  }
}
