/**
 * Reads and writes frames of HTTP/2 (RFC 9113, section 4.1). The reader takes a direction in chunks of any size and
 * yields DATA in pieces as they come; every other frame it keeps until it is whole.
 *
 *     length(24) │ type(8) │ flags(8) │ reserved(1) stream(31) │ payload
 */

/** Section 6. */
export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const frameFlag = {
  ack: 0x01,
  endStream: 0x01,
  endHeaders: 0x04,
  padded: 0x08,
  priority: 0x20,
} as const;

/** Section 7, by number. */
export const errorNames = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;

export const cancel = errorNames.indexOf('CANCEL');

/** The highest number that a stream can have. */
export const largestStream = 0x7fff_ffff;

/** Section 6.9.1. */
export const largestWindow = 0x7fff_ffff;

/** The header of a frame. */
export interface FrameHeader {
  /** Of the payload, in bytes. */
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  /** 0 is the connection. */
  readonly streamId: number;
}

/** Bytes of one frame that arrived together. */
export interface FramePiece {
  readonly frame: FrameHeader;
  /** As they were on the wire; the first piece begins with the header. */
  readonly bytes: Buffer;
  readonly begins: boolean;
  readonly ends: boolean;
}

export const frameHeaderBytes = 9;
/** Of a frame that is kept until it is whole; the largest that is sent without being asked for is 16 KiB. */
const longestKept = 256 * 1024;

export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  #frame: FrameHeader | undefined;
  #left = 0;
  #broken = false;

  /** Whether a frame came that is too long to be kept; what follows stays in `takeRest`. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Whether bytes are kept. */
  get holds(): boolean {
    return this.#rest.length > 0;
  }

  /** The pieces that the bytes make, each made when it is asked for. */
  *push(bytes: Buffer): Generator<FramePiece> {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (let piece = this.#next(); piece; piece = this.#next()) yield piece;
  }

  /** The bytes of what is not whole yet; the reader forgets them. */
  takeRest(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest;
  }

  #next(): FramePiece | undefined {
    if (this.#broken || this.#rest.length === 0) return undefined;
    const begins = this.#frame === undefined;
    if (begins && !this.#begin()) return undefined;
    const frame = this.#frame;
    if (frame === undefined) return undefined;

    const bytes = this.#rest.subarray(0, this.#left);
    this.#rest = this.#rest.subarray(bytes.length);
    this.#left -= bytes.length;
    const ends = this.#left === 0;
    if (ends) this.#frame = undefined;
    return { frame, bytes, begins, ends };
  }

  /** Whether a frame can be yielded: DATA from its header on, another one when all of it is there. */
  #begin(): boolean {
    const header = readFrameHeader(this.#rest);
    if (header === undefined) return false;
    const whole = frameHeaderBytes + header.length;
    if (header.type !== frameType.data && this.#rest.length < whole) {
      this.#broken = header.length > longestKept;
      return false;
    }
    this.#frame = header;
    this.#left = whole;
    return true;
  }
}

/** Reads a header; undefined while it is incomplete. */
export function readFrameHeader(bytes: Buffer, at = 0): FrameHeader | undefined {
  if (bytes.length - at < frameHeaderBytes) return undefined;
  return {
    length: bytes.readUIntBE(at, 3),
    type: bytes.readUInt8(at + 3),
    flags: bytes.readUInt8(at + 4),
    streamId: bytes.readUInt32BE(at + 5) & largestStream,
  };
}

export function writeFrameHeader({ length, type, flags, streamId }: FrameHeader): Buffer {
  const header = Buffer.alloc(frameHeaderBytes);
  header.writeUIntBE(length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(streamId, 5);
  return header;
}

/** Writes a frame; `flags` and `streamId` are 0 unless given. */
export function writeFrame(
  type: number,
  payload: Buffer,
  { flags = 0, streamId = 0 }: Partial<Pick<FrameHeader, 'flags' | 'streamId'>> = {},
): Buffer {
  return Buffer.concat([writeFrameHeader({ length: payload.length, type, flags, streamId }), payload]);
}

function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

/** Ends a stream (section 6.4). */
export const rstStream = (streamId: number, code: number): Buffer =>
  writeFrame(frameType.rstStream, uint32(code), { streamId });

/** Announces the end of the connection (section 6.8); streams above `lastStream` were not looked at. */
export const goAway = (lastStream: number, code: number, debug: string): Buffer =>
  writeFrame(frameType.goAway, Buffer.concat([uint32(lastStream, code), Buffer.from(debug)]));

/** Lets the other end send so many bytes more, from 1 on (section 6.9); stream 0 is all of them together. */
export const windowUpdate = (streamId: number, bytes: number): Buffer =>
  writeFrame(frameType.windowUpdate, uint32(bytes), { streamId });
