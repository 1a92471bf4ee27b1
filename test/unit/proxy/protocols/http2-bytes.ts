/** HTTP/2 as clients and servers send it, for tests on bytes. */
import { writeFieldBlock } from '../../../../proxy/protocols/hpack.ts';
import { frameFlag, frameType, writeFrame } from '../../../../proxy/protocols/http2-frames.ts';

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
export const settings = writeFrame(frameType.settings, Buffer.alloc(0));
export const settingsAck = writeFrame(frameType.settings, Buffer.alloc(0), { flags: frameFlag.ack });
export const pong = writeFrame(frameType.ping, Buffer.from('12345678'), { flags: frameFlag.ack });
export const ping = writeFrame(frameType.ping, Buffer.from('12345678'));

/** A field block without a table. */
export const block = (lines: Readonly<Record<string, string>>): Buffer =>
  writeFieldBlock({
    fields: Object.entries(lines).map(([name, value]) => ({ name, value, neverIndexed: false })),
    sizeUpdates: Buffer.alloc(0),
  });

/** A field of a new name that goes into the table, where it is index 62 until another one comes. */
export const indexedField = (name: string, value: string): Buffer =>
  Buffer.concat([
    Buffer.from([0x40, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);

/** The first entry of the table of its own. */
export const index62 = Buffer.from([0xbe]);

interface Ends {
  /** Whether the stream ends with it; true unless given. */
  readonly ends?: boolean;
}

/** HEADERS in one frame. */
export const headers = (streamId: number, content: Buffer, { ends = true }: Ends = {}): Buffer =>
  writeFrame(frameType.headers, content, {
    streamId,
    flags: frameFlag.endHeaders | (ends ? frameFlag.endStream : 0),
  });

/** The same with a frame of its own for each part of the block. */
export const continuedHeaders = (streamId: number, first: Buffer, ...more: readonly Buffer[]): Buffer =>
  Buffer.concat([
    writeFrame(frameType.headers, first, { streamId, flags: frameFlag.endStream }),
    ...more.map((part, index) =>
      writeFrame(frameType.continuation, part, {
        streamId,
        flags: index === more.length - 1 ? frameFlag.endHeaders : 0,
      }),
    ),
  ]);

export const data = (streamId: number, text: string, { ends = true }: Ends = {}): Buffer =>
  writeFrame(frameType.data, Buffer.from(text), { streamId, flags: ends ? frameFlag.endStream : 0 });

export const request = (streamId: number, path = '/', { ends = true }: Ends = {}): Buffer =>
  headers(
    streamId,
    block({ ':method': ends ? 'GET' : 'POST', ':scheme': 'http', ':authority': 'a.example', ':path': path }),
    {
      ends,
    },
  );

export const answer = (streamId: number, status = 200, { ends = false }: Ends = {}): Buffer =>
  headers(streamId, block({ ':status': String(status) }), { ends });

/** The frames in some bytes, as `TYPE stream: what`. */
export function describeFrames(text: string): string[] {
  const bytes = Buffer.from(text, 'latin1');
  const names = Object.entries(frameType).map(([name]) => name);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUIntBE(at, 3);
    const [type, flags] = [bytes.readUInt8(at + 3), bytes.readUInt8(at + 4)];
    const payload = bytes.subarray(at + 9, at + 9 + length);
    if (payload.length < length)
      throw new Error(`A frame is cut short: ${bytes.subarray(at).toString('hex')}`);
    lines.push(`${names[type]} ${bytes.readUInt32BE(at + 5)}${describePayload(type, flags, payload)}`);
    at += 9 + length;
  }
  return lines;
}

function describePayload(type: number, flags: number, payload: Buffer): string {
  const ends = flags & frameFlag.endStream ? ' ends' : '';
  if (type === frameType.data) return `: ${payload}${ends}`;
  if (type === frameType.headers) return ends;
  if (type === frameType.rstStream) return `: ${payload.readUInt32BE(0)}`;
  if (type === frameType.windowUpdate) return `: ${payload.readUInt32BE(0)}`;
  if (type === frameType.goAway)
    return `: last ${payload.readUInt32BE(0)}, code ${payload.readUInt32BE(4)}, ${payload.subarray(8)}`;
  return flags & frameFlag.ack ? ' ack' : '';
}
