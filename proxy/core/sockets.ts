/** The ways to end a stream, or to let go of it without a word. */
import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from './clock.ts';
import type { ForgetAnswer } from './steps.ts';

const carriers = new WeakMap<Duplex, Duplex>();

/** Tells that `stream` is carried by another, as TLS is by a socket: that is the one to be reset. */
export function carry(stream: Duplex, carrier: Duplex): void {
  carriers.set(stream, carrier);
}

const LEAVING_MS = 20;

/** Ends a stream by RST; one that is no socket is destroyed with the error that its peer would see. */
export function resetStream(stream: Duplex): void {
  if (stream.destroyed) return;
  const carrier = carriers.get(stream);
  if (carrier) resetStream(carrier);
  else if (stream instanceof net.Socket) stream.resetAndDestroy();
  else stream.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
}

/** Writes what is left, then FIN, then closes; what the peer still sends meanwhile is thrown away. */
export function finishStream(stream: Duplex): void {
  stream.resume();
  stream.end(() => stream.destroy());
}

/** Ends a stream by RST once what was written to it is handed to the system; what it still holds is lost. */
export function resetWhenWritten(stream: Duplex): void {
  stream.resume();
  stream.write(Buffer.alloc(0), () => resetStream(stream));
}

/**
 * Ends a stream by RST once what was written to it had time to leave. A RST makes the system drop what it has not sent
 * yet, without telling how much that is; a peer that reads gets megabytes in this time on one machine.
 */
export function resetBehindBytes(stream: Duplex, clock: Clock): void {
  stream.resume();
  stream.write(Buffer.alloc(0), () => {
    void clock.sleep(LEAVING_MS).then(() => resetStream(stream));
  });
}

/**
 * Lets go of streams as a NAT does: they stay open, and what arrives on one vanishes or is answered by an RST there.
 * `onGone` is called when the peers of all have ended.
 */
export function forgetStreams(streams: readonly Duplex[], answer: ForgetAnswer, onGone: () => void): void {
  const gone = new Set<Duplex>();
  for (const stream of streams) {
    const leave = (): void => {
      gone.add(stream);
      if (gone.size === streams.length) onGone();
    };
    const answered = (): void => {
      if (answer === 'reset') resetStream(stream);
    };
    if (stream.destroyed || stream.readableEnded) leave();
    stream.on('data', answered).once('end', answered).once('end', leave).once('close', leave);
    stream.resume();
  }
}
