/** The ways to end a stream, or to let go of it without a word. */
import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from './clock.ts';
import { drained } from './send-queue.ts';
import type { ForgetAnswer } from './steps.ts';

/**
 * Clients that may wait to be accepted; the kernel takes its own limit where that is lower (listen(2), somaxconn). Of
 * those beyond it the SYN is dropped, and sent again after a second. Node's default is 511.
 */
export const mostWaiting = 65_535;

const carriers = new WeakMap<Duplex, Duplex>();

/** Tells that `stream` is carried by another, as TLS is by a socket: that is the one to be reset. */
export function carry(stream: Duplex, carrier: Duplex): void {
  carriers.set(stream, carrier);
}

/** Where the system does not tell what it still has to send. */
const leavingMs = 20;

/** Ends a stream by RST; one that is no socket is destroyed with the error that its peer would see. */
export function resetStream(stream: Duplex): void {
  if (stream.destroyed) return;
  const carrier = carriers.get(stream);
  if (carrier) resetStream(carrier);
  else if (stream instanceof net.Socket) resetSocket(stream);
  else stream.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
}

/**
 * libuv refuses to reset a socket whose FIN is on its way out (`uv_tcp_close_reset` gives EINVAL), and Node then takes it for closed,
 * while the system keeps it: the peer learns of nothing, and the process spins when it ends. The RST follows the FIN.
 */
function resetSocket(socket: net.Socket): void {
  const finLeaves = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  if (finLeaves) socket.once('finish', () => resetStream(socket));
  else socket.resetAndDestroy();
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
 * Ends a stream by RST once its peer's system has what was written to it: a RST makes the system drop what it has not
 * sent yet. A peer that takes nothing for a second gets the RST all the same.
 */
export function resetBehindBytes(stream: Duplex, clock: Clock): void {
  stream.resume();
  stream.write(Buffer.alloc(0), () => {
    void drainedOrLate(stream, clock).then(() => resetStream(stream));
  });
}

async function drainedOrLate(stream: Duplex, clock: Clock): Promise<void> {
  const socket = carrierOf(stream);
  const told = socket instanceof net.Socket && (await drained(socket, clock));
  if (!told) await clock.sleep(leavingMs);
}

/** What carries a stream in the end: itself, or the socket under TLS. */
function carrierOf(stream: Duplex): Duplex {
  const carrier = carriers.get(stream);
  return carrier ? carrierOf(carrier) : stream;
}

const probeAfterMs = 30_000;
const probeEachMs = 60_000;

/**
 * Closes a stream whose peer is gone without our telling it anything. The peer has said FIN and gets no answer, so that
 * only TCP's keep-alive finds out whether it still waits: a program that has closed its socket leaves one that the
 * system drops after a minute (tcp(7), tcp_fin_timeout). Node does not notice that on a stream that is neither read nor
 * written, so it writes nothing now and then.
 */
export async function closeOnceGone(stream: Duplex, clock: Clock): Promise<void> {
  const socket = carriers.get(stream) ?? stream;
  if (socket instanceof net.Socket) socket.setKeepAlive(true, probeAfterMs);
  const closed = new AbortController();
  stream.once('close', () => closed.abort());
  while (!stream.destroyed) {
    await clock.sleep(probeEachMs, closed.signal).catch(() => {});
    if (!socket.destroyed && !socket.writableEnded) socket.write(Buffer.alloc(0));
  }
}

/**
 * Lets go of streams as a NAT does: they stay open, and what arrives on one, its FIN too, vanishes or is answered by an
 * RST there. `onBytes` is told how much vanishes, and `onGone` is called when all are closed.
 */
export function forgetStreams(
  streams: readonly Duplex[],
  {
    answer,
    clock,
    onBytes,
    onGone,
  }: {
    readonly answer: ForgetAnswer;
    readonly clock: Clock;
    onBytes(stream: Duplex, bytes: number): void;
    onGone(): void;
  },
): void {
  const gone = new Set<Duplex>();
  for (const stream of streams) {
    const leave = (): void => {
      gone.add(stream);
      if (gone.size === streams.length) onGone();
    };
    const answered = (): void => {
      if (answer === 'reset') resetStream(stream);
    };
    const ended = (): void => {
      answered();
      void closeOnceGone(stream, clock);
    };
    if (stream.destroyed) leave();
    else if (stream.readableEnded) ended();
    const vanish = (bytes: Buffer): void => {
      onBytes(stream, bytes.length);
      answered();
    };
    stream.on('data', vanish).once('end', ended).once('close', leave);
    stream.resume();
  }
}
