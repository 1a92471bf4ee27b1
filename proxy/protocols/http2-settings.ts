/** SETTINGS of HTTP/2 (RFC 9113, section 6.5): pairs of a number of 16 bits and a value of 32. */
import { frameHeaderBytes, frameType, largestWindow, readFrameHeader, writeFrame } from './http2-frames.ts';

const settingBytes = 6;
/** SETTINGS_INITIAL_WINDOW_SIZE (section 6.5.2), and what it is before anybody names it. */
const initialWindow = { id: 4, bytes: 65_535 };

/** A frame with its initial window lowered to so many bytes; undefined when it was no larger before, or is an error. */
export function withInitialWindow(frame: Buffer, bytes: number): Buffer | undefined {
  const pairs = Buffer.from(frame.subarray(frameHeaderBytes));
  if (pairs.length % settingBytes !== 0 || readFrameHeader(frame)?.streamId !== 0) return undefined;
  let named = false;
  let lowered = false;
  for (let at = 0; at < pairs.length; at += settingBytes) {
    if (pairs.readUInt16BE(at) !== initialWindow.id) continue;
    named = true;
    const told = pairs.readUInt32BE(at + 2);
    if (told > largestWindow) return undefined;
    if (told <= bytes) continue;
    pairs.writeUInt32BE(bytes, at + 2);
    lowered = true;
  }
  if (named) return lowered ? writeFrame(frameType.settings, pairs) : undefined;
  if (bytes >= initialWindow.bytes) return undefined;
  const own = Buffer.alloc(settingBytes);
  own.writeUInt16BE(initialWindow.id, 0);
  own.writeUInt32BE(bytes, 2);
  return writeFrame(frameType.settings, Buffer.concat([pairs, own]));
}
