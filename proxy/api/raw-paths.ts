/**
 * Paths with bytes above 0x7f that are not percent-encoded, as of a name in UTF-8. Go's server takes them; Node's parser
 * refuses them, and cannot go on after that. Such a connection is given to a parser of its own, with those bytes encoded.
 */
import type http from 'node:http';
import type net from 'node:net';
import { type Duplex, duplexPair, finished } from 'node:stream';
import type { RequestOrder } from './request-order.ts';

/** A request line as far as the parser came; it may stand right behind the body of the one before. */
const begun = /(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) [^ \r\n]*$/;
const rest = /^[^ \r\n]+ HTTP\/1\.[01]\r?\n/;

/** What the parser says of bytes that it refuses. */
export interface ParseError extends NodeJS.ErrnoException {
  /** What was read last. */
  readonly rawPacket?: Buffer;
  /** Where in it the parser stopped. */
  readonly bytesParsed?: number;
}

/** What is to be parsed instead of the packet that was refused; undefined if it was not refused for such bytes. */
export function encodePath({ code, rawPacket, bytesParsed = 0 }: ParseError): Buffer | undefined {
  if (code !== 'HPE_INVALID_URL' || !rawPacket) return undefined;
  const text = rawPacket.toString('latin1');
  const [head] = begun.exec(text.slice(0, bytesParsed)) ?? [];
  const [tail] = rest.exec(text.slice(bytesParsed)) ?? [];
  if (head === undefined || tail === undefined || !/[\x80-\xff]/.test(tail)) return undefined;
  const encoded = tail.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
  return Buffer.from(head + encoded + text.slice(bytesParsed + tail.length), 'latin1');
}

/** Goes on with a connection from `packet` on, once what came before it is answered. */
export async function goOnFrom(
  packet: Buffer,
  { server, socket, order }: { server: http.Server; socket: Duplex; order: RequestOrder },
): Promise<void> {
  for (const event of ['data', 'end']) socket.removeAllListeners(event);
  socket.pause();
  await order.answered(socket);
  if (socket.destroyed) return;
  const [parsed, ours] = duplexPair();
  const { remoteAddress, remotePort } = socket as Partial<net.Socket>;
  finished(parsed, (error) => void (error && socket.destroy()));
  finished(socket, () => parsed.destroy());
  server.emit('connection', Object.assign(parsed, { remoteAddress, remotePort }));
  ours.write(packet);
  socket.pipe(ours).pipe(socket);
}
