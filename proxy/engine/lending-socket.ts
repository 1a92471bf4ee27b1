/**
 * Sockets that read into memory of their own, again and again. A socket of Node takes new memory for every read: 64 KiB,
 * cold, and left to the garbage collector. Where bytes go from one socket straight into another that costs a third of
 * the throughput (`npm run bench:proxy -- --only bulk`).
 */
import net from 'node:net';
import { Duplex } from 'node:stream';
import type { Dial } from '../core/dial.ts';

/** What Node reads at most at a time, too. Of an idle connection's memory most was never touched, and takes no room. */
const MEMORY_BYTES = 64 * 1024;

/** Is lent what was read, and returns whether it is done with it; if not, the socket takes other memory for the next read. */
export type Borrower = (bytes: Buffer) => boolean;

/** As `net.Socket`, with memory of their own in its `data` events; where there is a borrower, it is given the bytes instead. */
export class LendingSocket extends net.Socket {
  borrower: Borrower | undefined;
  #memory: Buffer;

  /** `handle` is that of a socket that was accepted; without one, the socket is yet to connect. */
  constructor(handle?: net.SocketConstructorOpts['handle']) {
    const first = Buffer.allocUnsafeSlow(MEMORY_BYTES);
    let memory = (): Buffer => first;
    const onread: net.OnReadOpts = {
      buffer: () => memory(),
      callback: (length) => this.#arrived(length),
    };
    super({ allowHalfOpen: true, noDelay: true, onread, ...(handle && { handle }) });
    this.#memory = first;
    memory = () => this.#memory;
  }

  /** Reads on until something arrives, as every other socket does, so that the peer's end is seen meanwhile. */
  override pause(): this {
    return Duplex.prototype.pause.call(this) as this;
  }

  /** False when there is no room for more. */
  #arrived(length: number): boolean {
    const memory = this.#memory;
    const bytes = length === memory.length ? memory : memory.subarray(0, length);
    const waiting = !this.readableFlowing || this.readableLength > 0;
    if (this.borrower === undefined || waiting) return this.push(Buffer.from(bytes));
    if (!this.borrower(bytes)) this.#memory = Buffer.allocUnsafeSlow(MEMORY_BYTES);
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
  // Stops reading too, unlike its own `pause`.
  return net.Socket.prototype.pause.call(adopted);
}

/** Dials over TCP, as `tcpDial` does, for connections whose bytes are passed on at once. */
export const lendingDial: Dial = (target) => new LendingSocket().connect(target);
