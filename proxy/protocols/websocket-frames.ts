/**
 * Reads and writes WebSocket frames (RFC 6455, section 5.2). The reader takes the stream in chunks of any size and
 * keeps no payload: it yields a frame in pieces, the first of them with the whole header.
 *
 *     FIN RSV(3) opcode(4) │ MASK length(7) │ longer length(0, 2, 8 bytes) │ key(0, 4 bytes) │ payload
 */

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The header of a frame. */
export interface FrameHeader {
  readonly fin: boolean;
  /** RSV1, RSV2 and RSV3 as a number from 0 to 7; 4 is RSV1, a compressed message with permessage-deflate. */
  readonly reserved: number;
  readonly opcode: number;
  readonly maskKey: Buffer | undefined;
  /** Of the payload, in bytes. */
  readonly length: number;
}

/** A frame as it was read. */
export interface Frame extends FrameHeader {
  readonly headerBytes: number;
  /** The opcode of the message that it is part of; its own unless it is a continuation. */
  readonly message: number;
  /** A control frame between the fragments of a message. */
  readonly interleaved: boolean;
}

/** Bytes of one frame that arrived together. */
export interface FramePiece {
  readonly frame: Frame;
  /** As they were on the wire; the first piece begins with the header. */
  readonly bytes: Buffer;
  readonly begins: boolean;
  readonly ends: boolean;
}

/** Clients have to mask, with whatever key; servers must not (section 5.1). */
export const anyMaskKey = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

const isControl = (code: number): boolean => code >= opcode.close;

export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  #frame: Frame | undefined;
  #payloadLeft = 0;
  #message: number = opcode.continuation;
  #broken = false;

  /** Whether a length came that no frame can have; what follows stays in `takeRest`. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Whether bytes are kept: an unfinished header. */
  get holds(): boolean {
    return this.#rest.length > 0;
  }

  /** Decides that what is kept is no header. */
  giveUp(): void {
    this.#broken = true;
  }

  /** Whether the last frame is complete as far as it was told. */
  get betweenFrames(): boolean {
    return this.#frame === undefined;
  }

  push(bytes: Buffer): FramePiece[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const pieces: FramePiece[] = [];
    for (let piece = this.#next(); piece; piece = this.#next()) pieces.push(piece);
    return pieces;
  }

  /** The bytes of an unfinished header, at most 13 of them; the reader forgets them. */
  takeRest(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest;
  }

  #next(): FramePiece | undefined {
    if (this.#broken || this.#rest.length === 0) return undefined;
    const begins = this.#frame === undefined;
    this.#frame ??= this.#begin();
    const frame = this.#frame;
    if (frame === undefined) return undefined;

    const headerBytes = begins ? frame.headerBytes : 0;
    const payloadBytes = Math.min(this.#rest.length - headerBytes, this.#payloadLeft);
    const bytes = this.#rest.subarray(0, headerBytes + payloadBytes);
    this.#rest = this.#rest.subarray(bytes.length);
    this.#payloadLeft -= payloadBytes;
    const ends = this.#payloadLeft === 0;
    if (ends) this.#end(frame);
    return { frame, bytes, begins, ends };
  }

  #begin(): Frame | undefined {
    const read = readHeader(this.#rest);
    if (read === undefined) {
      this.#broken = this.#rest.length >= lengthOfHeader(this.#rest);
      return undefined;
    }
    this.#payloadLeft = read.length;
    if (read.opcode !== opcode.continuation && !isControl(read.opcode)) this.#message = read.opcode;
    return {
      ...read,
      message: isControl(read.opcode) ? read.opcode : this.#message,
      interleaved: isControl(read.opcode) && this.#message !== opcode.continuation,
    };
  }

  #end(frame: Frame): void {
    this.#frame = undefined;
    if (frame.fin && !isControl(frame.opcode)) this.#message = opcode.continuation;
  }
}

/** How many bytes a header has; 2 until the second of them tells. */
function lengthOfHeader([, second = 0]: Buffer): number {
  const short = second & 0x7f;
  return 2 + (short === 127 ? 8 : short === 126 ? 2 : 0) + (second & 0x80 ? 4 : 0);
}

/** Reads a header; undefined while it is incomplete, and for a length of 2^53 bytes and more. */
export function readHeader(bytes: Buffer): (FrameHeader & { readonly headerBytes: number }) | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const masked = (second & 0x80) !== 0;
  const headerBytes = lengthOfHeader(bytes);
  if (bytes.length < headerBytes) return undefined;

  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : readShort(bytes, short);
  if (length > Number.MAX_SAFE_INTEGER) return undefined;
  return {
    fin: (first & 0x80) !== 0,
    reserved: (first >> 4) & 7,
    opcode: first & 0x0f,
    maskKey: masked ? bytes.subarray(headerBytes - 4, headerBytes) : undefined,
    length,
    headerBytes,
  };
}

const readShort = (bytes: Buffer, short: number): number => (short === 126 ? bytes.readUInt16BE(2) : short);

/** Writes a header; the length is written in the fewest bytes. */
export function writeHeader({ fin, reserved, opcode, maskKey, length }: FrameHeader): Buffer {
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = maskKey ? 0x80 : 0;
  const key = maskKey ?? Buffer.alloc(0);
  if (length < 126) return Buffer.concat([Buffer.from([first, mask | length]), key]);

  const long = length > 0xffff;
  const head = Buffer.alloc(long ? 10 : 4);
  head.writeUInt8(first, 0);
  head.writeUInt8(mask | (long ? 127 : 126), 1);
  if (long) head.writeBigUInt64BE(BigInt(length), 2);
  else head.writeUInt16BE(length, 2);
  return Buffer.concat([head, key]);
}

/** Writes a frame that is complete in itself unless `header` says otherwise; masked when a key is given. */
export function writeFrame(
  code: number,
  payload: Buffer,
  header: Partial<Pick<FrameHeader, 'fin' | 'reserved' | 'maskKey'>> = {},
): Buffer {
  const { fin = true, reserved = 0, maskKey } = header;
  const body = maskKey ? applyMask(payload, maskKey) : payload;
  return Buffer.concat([writeHeader({ fin, reserved, opcode: code, maskKey, length: body.length }), body]);
}

/** Masks or unmasks; the key's first byte belongs to the payload's first. */
export function applyMask(payload: Buffer, maskKey: Buffer): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ (maskKey[index % 4] ?? 0)));
}

/** The key that continues a payload masked with `maskKey` after `bytes` bytes of it. */
export function rotateMask(maskKey: Buffer, bytes: number): Buffer {
  const shift = bytes % 4;
  return Buffer.concat([maskKey.subarray(shift), maskKey.subarray(0, shift)]);
}
