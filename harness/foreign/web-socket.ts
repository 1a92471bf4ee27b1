/** The server's side of a WebSocket (RFC 6455) as a route needs it: it greets, echoes, answers pings and closes. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** RFC 6455, 1.3. */
const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** Bytes of a frame that are taken. */
const mostPayload = 1024 * 1024;

const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** An upgrade and what is done with it. */
export interface WebSocketOptions {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** Sent at once. */
  readonly greeting?: string;
  /** What comes is sent back. */
  readonly echo?: boolean;
  /** Gets the length of each message's frames. */
  readonly onMessage: (bytes: number) => void;
}

/** Accepts the upgrade, and serves it until either side ends. */
export function acceptWebSocket({
  request,
  socket,
  head,
  greeting,
  echo = false,
  onMessage,
}: WebSocketOptions): void {
  const key = request.headers['sec-websocket-key'] ?? '';
  const accept = createHash('sha1').update(`${key}${magic}`).digest('base64');
  const fields = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields.join('\r\n')}\r\n\r\n`);
  if (greeting !== undefined) socket.write(frame(opcodes.text, Buffer.from(greeting)));
  let rest = head;
  const take = (chunk: Buffer): void => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let read = readFrame(rest); read !== undefined; read = readFrame(rest)) {
      if (read === 'too long') return void socket.destroy();
      rest = rest.subarray(read.length);
      const { opcode, payload } = read;
      if (opcode === opcodes.ping) socket.write(frame(opcodes.pong, payload));
      else if (opcode === opcodes.close) return void socket.end(frame(opcodes.close, payload.subarray(0, 2)));
      else if (opcode <= opcodes.binary) {
        onMessage(payload.length);
        if (echo) socket.write(frame(opcode === 0 ? opcodes.text : opcode, payload));
      }
    }
  };
  socket.on('data', take);
  socket.once('end', () => socket.end());
  if (head.length > 0) take(Buffer.alloc(0));
}

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
  /** Bytes that it took. */
  readonly length: number;
}

/** The frame at the beginning; undefined while it is not whole. */
function readFrame(bytes: Buffer): Frame | 'too long' | undefined {
  if (bytes.length < 2) return undefined;
  const opcode = bytes.readUInt8(0) & 0x0f;
  const second = bytes.readUInt8(1);
  const isMasked = (second & 0x80) !== 0;
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const header = 2 + extended + (isMasked ? 4 : 0);
  if (bytes.length < header) return undefined;
  const size =
    extended === 2 ? bytes.readUInt16BE(2) : extended === 8 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (size > mostPayload) return 'too long';
  if (bytes.length < header + size) return undefined;
  const payload = Buffer.from(bytes.subarray(header, header + size));
  if (isMasked) {
    const mask = bytes.subarray(header - 4, header);
    for (const [index, byte] of payload.entries()) payload[index] = byte ^ (mask[index % 4] ?? 0);
  }
  return { opcode, payload, length: header + size };
}

/** A whole message in one frame, unmasked as a server's are. */
function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head.writeUInt8(0x80 | opcode, 0);
  if (length < 126) head.writeUInt8(length, 1);
  else if (length < 65_536) {
    head.writeUInt8(126, 1);
    head.writeUInt16BE(length, 2);
  } else {
    head.writeUInt8(127, 1);
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}
