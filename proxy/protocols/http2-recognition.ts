/** How HTTP/2 is told from everything else (RFC 9113, section 3.4). */
import type { Stream } from '../core/events.ts';
import { type FrameHeader, frameHeaderBytes, frameType, readFrameHeader } from './http2-frames.ts';

/** What a client sends first. */
export const clientPreface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** Section 6.5.2 knows six; extensions have added a few. */
const mostSettings = 64;
const settingBytes = 6;
/** Section 4.2: no endpoint sends more before it was allowed to. */
const largestUsual = 16_384;

/** Whether a server's first bytes can be the beginning of SETTINGS, as far as they reach. */
export function beginsLikeSettings(bytes: Buffer): boolean {
  const header = readFrameHeader(Buffer.concat([bytes, asSettings.subarray(bytes.length)]));
  if (header === undefined) return false;
  const { length, type, flags, streamId } = header;
  const fits = bytes.length < 3 || length % settingBytes === 0;
  return (
    fits && length <= mostSettings * settingBytes && type === frameType.settings && flags + streamId === 0
  );
}

/** An empty SETTINGS. */
const asSettings = Buffer.from([0, 0, 0, frameType.settings, 0, 0, 0, 0, 0]);

/** Whether every header in a chunk is one that this side may send. */
export function looksLikeFrames(bytes: Buffer, stream: Stream): boolean {
  let at = 0;
  while (at < bytes.length) {
    const header = readFrameHeader(bytes, at);
    if (header === undefined) return at > 0;
    if (!isUsual(header, stream) || bytes.readUInt8(at + 5) >= 0x80) return false;
    at += frameHeaderBytes + header.length;
  }
  return at > 0;
}

function isUsual({ type, flags, streamId, length }: FrameHeader, stream: Stream): boolean {
  if (length > largestUsual || flags & ~0x2d) return false;
  switch (type) {
    case frameType.data:
    case frameType.headers:
    case frameType.continuation:
      return streamId > 0;
    case frameType.rstStream:
      return streamId > 0 && length === 4;
    case frameType.priority:
      return streamId > 0 && length === 5;
    case frameType.windowUpdate:
      return length === 4;
    case frameType.settings:
      return streamId === 0 && length % settingBytes === 0;
    case frameType.ping:
      return streamId === 0 && length === 8;
    case frameType.goAway:
      return streamId === 0 && length >= 8;
    case frameType.pushPromise:
      return streamId > 0 && stream === 'downstream';
    default:
      return false;
  }
}
