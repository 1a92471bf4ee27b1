/**
 * A socket that reuses one read buffer. Node allocates 64 KiB for every read, which is cold memory for the processor and
 * work for the garbage collector. A proxy that copies from one socket to another loses a third of its throughput to
 * that (`npm run bench:proxy -- --measures bulk`).
 */
import net from 'node:net';
import { Duplex } from 'node:stream';
import { autoSelectFamilyAttemptTimeout, type Dial } from '../core/dial.ts';
import { mayReadOn } from './reading-turns.ts';

/** The size of Node's own reads. The pages of an idle connection's buffer are mostly untouched, and cost no memory. */
const memoryBytes = 64 * 1024;

/** Buffers of sockets that are closed; collecting two for each connection takes a third of the time that one costs. */
const spare: Buffer[] = [];
const mostSpare = 64;

function takeMemory(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(memoryBytes);
}

/** Receives the read buffer. Returns true when the socket may overwrite it; after false the socket allocates another. */
export type Borrower = (bytes: Buffer) => boolean;

/** A `net.Socket` whose `data` events carry copies; a borrower, if set, receives the buffer itself in place of the event. */
export class LendingSocket extends net.Socket {
  borrower: Borrower | undefined;
  #memory: Buffer;

  /** `handle` belongs to an accepted socket; a socket without one has yet to connect. */
  constructor(handle?: net.SocketConstructorOpts['handle']) {
    const first = takeMemory();
    let memory = (): Buffer => first;
    const onread: net.OnReadOpts = {
      buffer: () => memory(),
      callback: (length) => this.#arrived(length),
    };
    super({ allowHalfOpen: true, noDelay: true, onread, ...(handle && { handle }) });
    this.#memory = first;
    memory = () => this.#memory;
    this.once('close', () => this.#giveBack());
  }

  /** Keeps reading until data arrives, as every socket does, so that a paused socket still notices the peer's end. */
  override pause(): this {
    return Duplex.prototype.pause.call(this) as this;
  }

  /** Its turn has come again. */
  readOn(): void {
    if (this.readableFlowing) this.resume();
  }

  /** Nobody else has it: whoever wanted to keep bytes got a copy, or the buffer was replaced. */
  #giveBack(): void {
    if (spare.length < mostSpare) spare.push(this.#memory);
  }

  /** Returns false when the socket should stop reading. */
  #arrived(length: number): boolean {
    const memory = this.#memory;
    const bytes = length === memory.length ? memory : memory.subarray(0, length);
    const waiting = !this.readableFlowing || this.readableLength > 0;
    if (this.borrower === undefined || waiting) return this.push(Buffer.from(bytes));
    if (!this.borrower(bytes)) this.#memory = takeMemory();
    return length < memoryBytes || mayReadOn(this);
  }
}

/**
 * Replaces an accepted socket that was neither read nor written; callers must not use `socket` after that. Node offers a
 * read buffer only to sockets that connect, so this moves the handle that `net.Server` created; a socket without a
 * handle is returned as it is.
 */
export function adopt(socket: net.Socket): net.Socket {
  const accepted = socket as { _handle?: net.SocketConstructorOpts['handle'] | null };
  if (!accepted._handle) return socket;
  const adopted = new LendingSocket(accepted._handle);
  accepted._handle = null;
  // The base class's `pause` stops reading; the override would not.
  return net.Socket.prototype.pause.call(adopted);
}

/** Dials over TCP, as `tcpDial` does, with a socket that reuses its read buffer. */
export const lendingDial: Dial = ({ host, port }) =>
  new LendingSocket().connect({ host, port, autoSelectFamilyAttemptTimeout });
