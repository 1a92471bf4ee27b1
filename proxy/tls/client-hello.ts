/**
 * Reads a client's ClientHello off a socket and puts it back, so that the certificate can be chosen, and made, before
 * the handshake is answered.
 */
import type { Duplex } from 'node:stream';
import { TlsHandshake } from '../protocols/tls-handshake.ts';
import type { ClientHello } from '../protocols/tls-hello.ts';
import { contentType, TlsRecordReader } from '../protocols/tls-records.ts';

/** One that is longer is left to the TLS library. */
const limitBytes = 64 * 1024;

/** What came of it; `hello` is undefined when the client speaks something else. */
export interface HelloReader {
  read(hello: ClientHello | undefined): void;
  /** The client ended before. */
  gone(end: 'fin' | 'reset'): void;
}

/** Reads from `socket`, which is left paused and with nothing taken from it; exactly one of the two is called, once. */
export function readClientHello(socket: Duplex, reader: HelloReader): void {
  const records = new TlsRecordReader();
  const handshake = new TlsHandshake();
  const taken: Buffer[] = [];
  let bytes = 0;

  const stop = (): void => {
    socket.off('data', onData).off('end', onEnd).off('error', onError);
  };
  const onData = (chunk: Buffer): void => {
    taken.push(chunk);
    bytes += chunk.length;
    let isHello = true;
    for (const record of records.push(chunk)) {
      isHello &&= record.type === contentType.handshake;
      handshake.record('client', record);
    }
    const undecided = isHello && !handshake.clientHello && !records.broken && bytes < limitBytes;
    if (undecided) return;
    stop();
    socket.pause();
    socket.unshift(Buffer.concat(taken));
    reader.read(handshake.clientHello);
  };
  const onEnd = (): void => {
    stop();
    reader.gone('fin');
  };
  const onError = (): void => {
    stop();
    reader.gone('reset');
  };
  socket.on('data', onData).once('end', onEnd).once('error', onError);
  socket.resume();
}
