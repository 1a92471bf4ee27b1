/**
 * Reads and writes packets of MySQL's client/server protocol. The reader takes the stream in chunks of any size and
 * keeps only the payload that its caller asked for: it yields a packet in pieces, the first with its head.
 *
 *     length(3, little-endian) │ sequence(1) │ payload          length 0xffffff: the payload goes on in the next packet
 */

/** A packet as far as its beginning tells. */
export interface Packet {
  /** Of the payload, in bytes. */
  readonly length: number;
  readonly sequence: number;
  /** The beginning of the payload: all of it, or as many bytes as the reader was asked for. */
  readonly head: Buffer;
  /** It carries on the payload of the packet before it. */
  readonly continues: boolean;
  /** Its payload goes on in the packet after it. */
  readonly unfinished: boolean;
}

/** Bytes of one packet that arrived together. */
export interface PacketPiece {
  readonly packet: Packet;
  /** As they were on the wire; the first piece begins with the header. */
  readonly bytes: Buffer;
  readonly begins: boolean;
  readonly ends: boolean;
}

export const packetHeaderBytes = 4;
const largestPayload = 0xffffff;

export class PacketReader {
  readonly #headBytes: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** So many bytes have to be there before anything can be told. */
  #needed = packetHeaderBytes;
  #packet: Packet | undefined;
  #payloadLeft = 0;
  #continues = false;

  /** How many bytes of its payload a packet's first piece waits for. */
  constructor(headBytes: number) {
    this.#headBytes = headBytes;
  }

  /** Whether bytes are held that are too few to tell. */
  get holds(): boolean {
    return this.#heldBytes > 0;
  }

  push(bytes: Buffer): PacketPiece[] {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes < this.#needed) return [];

    let rest = this.takeRest();
    const pieces: PacketPiece[] = [];
    for (let piece = this.#next(rest); piece; piece = this.#next(rest)) {
      pieces.push(piece);
      rest = rest.subarray(piece.bytes.length);
    }
    this.#held = [rest];
    this.#heldBytes = rest.length;
    return pieces;
  }

  /** What is held: less than a header and the bytes asked for. The reader forgets it. */
  takeRest(): Buffer {
    const [first = Buffer.alloc(0), ...more] = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    return more.length === 0 ? first : Buffer.concat([first, ...more]);
  }

  #next(rest: Buffer): PacketPiece | undefined {
    const begins = this.#packet === undefined;
    if (begins) this.#begin(rest);
    const packet = this.#packet;
    if (packet === undefined || (rest.length === 0 && !begins)) return undefined;

    const headerBytes = begins ? packetHeaderBytes : 0;
    const payloadBytes = Math.min(rest.length - headerBytes, this.#payloadLeft);
    this.#payloadLeft -= payloadBytes;
    const ends = this.#payloadLeft === 0;
    if (ends) {
      this.#packet = undefined;
      this.#continues = packet.unfinished;
    }
    this.#needed = ends ? packetHeaderBytes : 1;
    return { packet, bytes: rest.subarray(0, headerBytes + payloadBytes), begins, ends };
  }

  #begin(rest: Buffer): void {
    this.#needed = packetHeaderBytes;
    if (rest.length < packetHeaderBytes) return;
    const length = rest.readUIntLE(0, 3);
    this.#needed += Math.min(length, this.#headBytes);
    if (rest.length < this.#needed) return;
    this.#payloadLeft = length;
    this.#packet = {
      length,
      sequence: rest.readUInt8(3),
      head: rest.subarray(packetHeaderBytes, this.#needed),
      continues: this.#continues,
      unfinished: length === largestPayload,
    };
  }
}

/** Writes a packet of less than 16 MiB. */
export function writePacket(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(packetHeaderBytes);
  header.writeUIntLE(payload.length, 0, 3);
  header.writeUInt8(sequence & 0xff, 3);
  return Buffer.concat([header, payload]);
}

/** Writes the payload of an ERR packet. Without an SQLSTATE it has the form that is used before the login. */
export function errorPayload(code: number, sqlState: string, message: string): Buffer {
  const number = Buffer.from([0xff, code & 0xff, code >> 8]);
  return Buffer.concat([number, Buffer.from(sqlState === '' ? message : `#${sqlState}${message}`)]);
}

/** Walks over a payload; reading past the end gives 0 and nothing. */
export class PayloadCursor {
  readonly #bytes: Buffer;
  position: number;

  constructor(bytes: Buffer, position = 0) {
    this.#bytes = bytes;
    this.position = position;
  }

  /** An integer of 1 to 4 bytes. */
  uint(size: number): number {
    const end = this.position + size;
    const value = end <= this.#bytes.length ? this.#bytes.readUIntLE(this.position, size) : 0;
    this.position = end;
    return value;
  }

  /** A length-encoded integer; of one with 8 bytes the lower 6, which is all that a count needs. */
  lengthEncoded(): number {
    const first = this.uint(1);
    if (first < 0xfb) return first;
    if (first === 0xfc) return this.uint(2);
    if (first === 0xfd) return this.uint(3);
    const low = this.uint(4);
    const high = this.uint(2);
    this.position += 2;
    return low + high * 2 ** 32;
  }

  /** A text up to its NUL. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.position);
    const text = this.#bytes.toString('utf8', this.position, end < 0 ? this.#bytes.length : end);
    this.position = end < 0 ? this.#bytes.length : end + 1;
    return text;
  }
}
