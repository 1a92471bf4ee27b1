/**
 * One end of a TCP connection, as the kernel keeps it: buffers, FIN, RST, and what a program is told when it reads, writes or closes.
 * It follows Linux (tcp(7), net/ipv4/tcp.c); what is left out: Nagle, delayed acknowledgements, congestion, loss of single segments.
 *
 *   write ─► send buffer ─► window ─► way ─► receive buffer ─► read
 */
import type { EventQueue } from '../time/event-queue.ts';
import { brokenPipe, connectionReset, timedOut } from './errors.ts';
import { Direction, type Way } from './path.ts';

/** An address as sockets tell it. */
export interface Address {
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly port: number;
}

/** Who is told of changes: the program's side of the endpoint. */
export interface EndpointOwner {
  /** There is something to read: bytes, an end or an error. */
  readable(): void;
  /** There is room in the send buffer again, or no sense in waiting for it. */
  writable(): void;
}

/** Bytes that a connection's two buffers take: what loopback of Linux 6 takes from a sender whose peer reads nothing, about. */
const sendBufferBytes = 2_560 * 1_024;
const receiveBufferBytes = 3 * 1_024 * 1_024;

/** The most that one segment, and one read, carries: libuv reads no more at once. */
const segmentBytes = 65_536;

/** After so many keep-alive probes without an answer the peer is gone; libuv sets one each second. */
const keepAliveProbes = 10;
const probeEveryUs = 1_000_000;

export class Endpoint {
  readonly local: Address;
  readonly remote: Address;
  owner: EndpointOwner | undefined;
  readonly #queue: EventQueue;
  readonly #out: Direction;
  readonly #way: Way;
  #peer: Endpoint | undefined;
  /** Accepted, and not yet on its way. */
  readonly #unsent: Buffer[] = [];
  #unsentBytes = 0;
  /** On its way, or unread at the peer. */
  #outstanding = 0;
  readonly #received: Buffer[] = [];
  #receivedBytes = 0;
  #wantsFin = false;
  #sentFin = false;
  #gotFin = false;
  #isClosed = false;
  #isReset = false;
  #error: number | undefined;
  #tells = false;
  #keepAlive: { readonly stop: () => void } | undefined;
  #heardUs = 0;

  constructor(queue: EventQueue, way: Way, local: Address, remote: Address) {
    this.#queue = queue;
    this.#way = way;
    this.#out = new Direction(queue, way);
    this.local = local;
    this.remote = remote;
  }

  /** Puts two ends together. */
  static join(one: Endpoint, other: Endpoint): void {
    one.#peer = other;
    other.#peer = one;
    one.#heardUs = one.#queue.nowUs;
    other.#heardUs = other.#queue.nowUs;
  }

  /** Takes as many of the bytes as there is room for, and says how many; or says why it takes none, as a negative number. */
  write(bytes: Buffer): number {
    const error = this.#takeError();
    if (error !== undefined) return error;
    if (this.#isReset || this.#wantsFin) return brokenPipe;
    const room = sendBufferBytes - this.#unsentBytes;
    const taken = Math.min(room, bytes.length);
    if (taken > 0) {
      this.#unsent.push(bytes.length === taken ? bytes : bytes.subarray(0, taken));
      this.#unsentBytes += taken;
      this.#transmit();
    }
    return taken;
  }

  /** The next bytes; undefined while there is nothing, `end` behind the last, a negative number for an error. */
  read(): Buffer | 'end' | number | undefined {
    const first = this.#received[0];
    if (first !== undefined) return this.#takeReceived(first);
    const error = this.#takeError();
    if (error !== undefined) return error;
    return this.#gotFin ? 'end' : undefined;
  }

  /** Sends FIN behind what was written. */
  shutdown(): number {
    if (this.#isReset) return connectionReset;
    this.#wantsFin = true;
    this.#transmit();
    return 0;
  }

  /** The program gives its socket back: FIN, or RST where it leaves bytes unread. */
  close(): void {
    if (this.#isClosed) return;
    if (this.#receivedBytes > 0) {
      this.reset();
      return;
    }
    this.#isClosed = true;
    this.#keepAlive?.stop();
    if (!this.#isReset) this.shutdown();
  }

  /** Ends it by RST; what the send buffer holds is lost. */
  reset(): void {
    this.#isClosed = true;
    this.#keepAlive?.stop();
    if (this.#isReset) return;
    this.#isReset = true;
    this.#dropUnsent();
    this.#dropReceived();
    const peer = this.#peer;
    this.#out.send(() => peer?.takeReset());
  }

  /** Bytes that were taken and have not left. */
  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  /** Probes a silent peer after `idleUs`, and then each second; ten probes without an answer end the connection. */
  setKeepAlive(idleUs: number | undefined): void {
    this.#keepAlive?.stop();
    this.#keepAlive = undefined;
    if (idleUs === undefined || this.#isClosed) return;
    const dead = idleUs + keepAliveProbes * probeEveryUs;
    let event = this.#queue.schedule(dead, look);
    const endpoint = this;
    this.#keepAlive = { stop: () => this.#queue.cancel(event) };

    function look(): void {
      const { nowUs } = endpoint.#queue;
      // A peer that can be reached answers each probe, and is heard that way.
      if (!endpoint.#way.isHole()) endpoint.#heardUs = nowUs;
      const leftUs = endpoint.#heardUs + dead - nowUs;
      if (leftUs > 0) event = endpoint.#queue.schedule(leftUs, look);
      else endpoint.#fail(timedOut);
    }
  }

  /** RST has come in. */
  takeReset(): void {
    if (this.#isReset || (this.#isClosed && this.#sentFin && this.#gotFin)) return;
    // RFC 9293 and tcp_reset(): who has seen the peer's FIN is told of a broken pipe.
    this.#fail(this.#gotFin ? brokenPipe : connectionReset);
  }

  #fail(error: number): void {
    this.#isReset = true;
    this.#error = error;
    this.#dropUnsent();
    this.#keepAlive?.stop();
    this.#tell();
    this.owner?.writable();
  }

  #takeError(): number | undefined {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }

  #takeReceived(first: Buffer): Buffer {
    const chunks = [first];
    let length = first.length;
    for (const next of this.#received.slice(1)) {
      if (length + next.length > segmentBytes) break;
      chunks.push(next);
      length += next.length;
    }
    this.#received.splice(0, chunks.length);
    this.#receivedBytes -= length;
    this.#acknowledge(length);
    return chunks.length === 1 ? first : Buffer.concat(chunks, length);
  }

  /** Tells the peer that so many bytes were read; only one that is held back has to be told in time. */
  #acknowledge(length: number): void {
    const peer = this.#peer;
    if (peer === undefined) return;
    if (peer.#unsentBytes === 0 && !peer.isWatched) peer.#outstanding -= length;
    else this.#out.send(() => peer.acknowledged(length));
  }

  /** Whether it matters to it when it was last heard of. */
  get isWatched(): boolean {
    return this.#keepAlive !== undefined;
  }

  /** The peer has read so many bytes. */
  acknowledged(bytes: number): void {
    this.#outstanding -= bytes;
    this.#heardUs = this.#queue.nowUs;
    this.#transmit();
    if (this.#unsentBytes < sendBufferBytes) this.owner?.writable();
  }

  #transmit(): void {
    for (let next = this.#unsent[0]; next !== undefined; next = this.#unsent[0]) {
      const size = Math.min(next.length, segmentBytes, receiveBufferBytes - this.#outstanding);
      if (size <= 0) break;
      if (size === next.length) this.#unsent.shift();
      else this.#unsent[0] = next.subarray(size);
      this.#unsentBytes -= size;
      this.#outstanding += size;
      const segment = next.subarray(0, size);
      const peer = this.#peer;
      this.#out.send(() => peer?.take(segment), true);
    }
    if (this.#wantsFin && !this.#sentFin && this.#unsent.length === 0 && !this.#isReset) {
      this.#sentFin = true;
      const peer = this.#peer;
      this.#out.send(() => peer?.takeFin(), true);
    }
  }

  /** Bytes have come in; who reads them is told in an event of its own. */
  take(segment: Buffer): void {
    this.#heardUs = this.#queue.nowUs;
    if (this.#isReset) return;
    if (this.#isClosed) {
      // Nobody is there to read it.
      this.#isReset = true;
      this.#dropUnsent();
      const peer = this.#peer;
      this.#out.send(() => peer?.takeReset());
      return;
    }
    this.#received.push(segment);
    this.#receivedBytes += segment.length;
    this.#tell();
  }

  /** FIN has come in, of which the reader is told in the same way. */
  takeFin(): void {
    if (this.#isReset) return;
    this.#gotFin = true;
    if (!this.#isClosed) this.#tell();
  }

  /** What comes in at the same moment is read together. */
  #tell(): void {
    if (this.#tells) return;
    this.#tells = true;
    this.#queue.schedule(0, () => {
      this.#tells = false;
      this.owner?.readable();
    });
  }

  #dropUnsent(): void {
    this.#unsent.length = 0;
    this.#unsentBytes = 0;
  }

  #dropReceived(): void {
    this.#received.length = 0;
    this.#receivedBytes = 0;
  }
}
