/** Field blocks in frames: HEADERS or PUSH_PROMISE, then any number of CONTINUATIONs (RFC 9113, section 4.3). */
import { type FieldBlock, writeFieldBlock } from './hpack.ts';
import {
  type FrameHeader,
  type FramePiece,
  frameFlag,
  frameHeaderBytes,
  frameType,
  writeFrame,
} from './http2-frames.ts';

/** A field block without its frames. */
export interface JoinedBlock {
  /** The first frame. */
  readonly frame: FrameHeader;
  /** What stands before the block in it: a priority, or the stream that is promised. */
  readonly prefix: Buffer;
  readonly content: Buffer;
}

const priorityBytes = 5;
const promiseBytes = 4;
/** Section 4.2: what every endpoint takes. */
const largestFrame = 16_384;

/** Puts a block together; undefined where its padding does not fit. */
export function joinBlock(frames: readonly FramePiece[]): JoinedBlock | undefined {
  const [first, ...more] = frames;
  if (first === undefined) return undefined;
  const { frame, bytes } = first;
  const padded = (frame.flags & frameFlag.padded) !== 0;
  const start = frameHeaderBytes + (padded ? 1 : 0);
  const end = bytes.length - (padded ? (bytes[frameHeaderBytes] ?? 0) : 0);
  const contentStart = start + prefixBytes(frame);
  if (contentStart > end) return undefined;

  const parts = [
    bytes.subarray(contentStart, end),
    ...more.map((piece) => piece.bytes.subarray(frameHeaderBytes)),
  ];
  return { frame, prefix: bytes.subarray(start, contentStart), content: Buffer.concat(parts) };
}

function prefixBytes({ type, flags }: FrameHeader): number {
  if (type === frameType.pushPromise) return promiseBytes;
  return flags & frameFlag.priority ? priorityBytes : 0;
}

/** The frames of a block with the same fields that needs no table. */
export function rewriteBlock({ frame, prefix }: JoinedBlock, fields: FieldBlock): Buffer {
  const payload = Buffer.concat([prefix, writeFieldBlock(fields)]);
  const { type, streamId } = frame;
  const kept = frame.flags & ~(frameFlag.padded | frameFlag.endHeaders);
  const frames: Buffer[] = [];
  for (let at = 0; at === 0 || at < payload.length; at += largestFrame) {
    const flags = (at === 0 ? kept : 0) | (at + largestFrame >= payload.length ? frameFlag.endHeaders : 0);
    const part = payload.subarray(at, at + largestFrame);
    frames.push(writeFrame(at === 0 ? type : frameType.continuation, part, { flags, streamId }));
  }
  return Buffer.concat(frames);
}
