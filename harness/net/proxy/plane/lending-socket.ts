/**
 * Sockets that read into memory of their own, again and again. A socket of Node takes new memory for every read: 64 KiB,
 * cold, and left to the garbage collector. Where bytes go from one socket straight into another that costs a third of
 * the throughput (`npm run bench:proxy -- --only bulk`).
 */
import net from 'node:net';
import type { Dial } from '../../dial.ts';

/** Most connections ask little, and many are idle; one that fills this is given the larger size. */
const SMALL_BYTES = 4 * 1024;
/** What Node reads at most at a time, too. */
const LARGE_BYTES = 64 * 1024;

/** Is lent what was read, and returns whether it is done with it; if not, the socket takes other memory for the next read. */
export type Borrower = (bytes: Buffer) => boolean;

/** As `net.Socket`, with `data` events that hold copies; where there is a borrower, it is given the bytes instead. */
export class LendingSocket extends net.Socket {
  readonly #reading: Reading;

  /** `handle` is that of a socket that was accepted; without one, the socket is yet to connect. */
  constructor(handle?: net.SocketConstructorOpts['handle']) {
    const reading = new Reading();
    super({ allowHalfOpen: true, noDelay: true, onread: reading.onread, ...(handle && { handle }) });
    this.#reading = reading;
    reading.emit = (bytes) => this.emit('data', bytes);
  }

  set borrower(borrower: Borrower | undefined) {
    this.#reading.borrower = borrower;
  }
}

/** What there is before the socket is: Node asks for the first buffer while it constructs one. */
class Reading {
  borrower: Borrower | undefined;
  emit: (bytes: Buffer) => void = () => {};
  #buffer = Buffer.allocUnsafeSlow(SMALL_BYTES);

  readonly onread: net.OnReadOpts = {
    buffer: () => this.#buffer,
    callback: (length) => this.#arrived(length),
  };

  #arrived(length: number): true {
    const whole = this.#buffer;
    const bytes = length === whole.length ? whole : whole.subarray(0, length);
    const free = this.#handOver(bytes);
    if (length === SMALL_BYTES && bytes === whole) this.#buffer = Buffer.allocUnsafeSlow(LARGE_BYTES);
    else if (!free) this.#buffer = Buffer.allocUnsafeSlow(whole.length);
    return true;
  }

  #handOver(bytes: Buffer): boolean {
    if (this.borrower) return this.borrower(bytes);
    this.emit(Buffer.from(bytes));
    return true;
  }
}

/**
 * Takes over an accepted socket that was neither read nor written; `socket` is not to be used after that. Node offers
 * this for sockets that connect alone, so it goes by the handle that `net.Server` itself would pass; where there is
 * none, the socket stays what it is.
 */
export function adopt(socket: net.Socket): net.Socket {
  const accepted = socket as { _handle?: net.SocketConstructorOpts['handle'] | null };
  if (!accepted._handle) return socket;
  const adopted = new LendingSocket(accepted._handle);
  accepted._handle = null;
  return adopted.pause();
}

/** Dials over TCP, as `tcpDial` does, for connections whose bytes are passed on at once. */
export const lendingDial: Dial = (target) => new LendingSocket().connect(target);
