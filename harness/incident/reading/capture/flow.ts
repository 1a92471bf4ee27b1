/**
 * One TCP connection of a capture, from its first packet to its last: who opened it, what came of that, and how it ended. Both directions
 * are followed by sequence numbers, so that what is sent again counts as that.
 */
import type { Told } from '../../event.ts';
import { operationOf } from '../words.ts';
import type { Segment } from './segments.ts';
import { type Found, StreamView } from './stream-view.ts';

/** What a connection tells, and the packet that tells it. */
export interface FlowEvent {
  readonly told: Told;
  readonly t: number | undefined;
  readonly packet: number;
  /** What a reader is shown. */
  readonly words: string;
}

/** One direction. */
interface Direction {
  readonly view: StreamView;
  /** The sequence number that is expected next; undefined before the first. */
  next: number | undefined;
  /** The last that the peer acknowledged. */
  acked: number | undefined;
  bytes: number;
  retransmitted: number;
  lastDataAt: number | undefined;
}

const alerts: Readonly<Record<number, string>> = {
  40: 'handshake',
  42: 'unknown_ca',
  45: 'expired',
  46: 'unknown_ca',
  48: 'unknown_ca',
  70: 'protocol',
  86: 'protocol',
};

/** Sent again so often without an answer, data are lost on a silent path. */
const silentAfter = 2;
/** A request without an answer for so long is worth telling when the client gives it up, ms. */
const leastWaitMs = 200;

export class Flow {
  readonly #emit: (event: FlowEvent) => void;
  readonly #client: string;
  readonly #server: string;
  readonly #up: Direction;
  readonly #down: Direction;
  readonly #peer: string;
  #syns = 0;
  #firstSynAt: number | undefined;
  #opened = false;
  #over = false;
  #hello = false;
  #serverHello = false;
  #appData = false;
  /** Handshake records of the client’s own after its ClientHello: TLS 1.2 has them in the clear. */
  #ownHandshakes = 0;
  #upData = 0;
  #ticketsSeen = false;
  /** When the client asked for what was not answered yet. */
  #askedAt: number | undefined;
  #operation: string | undefined;
  #lastAt: number | undefined;
  #lastPacket = 0;
  #silentTold = false;

  constructor(client: string, server: string, peer: string, emit: (event: FlowEvent) => void) {
    this.#client = client;
    this.#server = server;
    this.#peer = peer;
    this.#emit = emit;
    const port = Number(server.split(' ')[1]);
    const direction = (isServer: boolean): Direction => ({
      view: new StreamView(isServer, port),
      next: undefined,
      acked: undefined,
      bytes: 0,
      retransmitted: 0,
      lastDataAt: undefined,
    });
    this.#up = direction(false);
    this.#down = direction(true);
  }

  /** Whether a new SYN of the client begins another connection on the same ports. */
  get isOver(): boolean {
    return this.#over;
  }

  segment(segment: Segment, t: number | undefined, packet: number): void {
    const isUp = segment.source === this.#client;
    if (this.#over) return;
    if (segment.syn && isUp && !segment.hasAck) this.#syn(t);
    else if (segment.syn && segment.hasAck && !isUp) this.#synAck(t, packet);
    const own = isUp ? this.#up : this.#down;
    const other = isUp ? this.#down : this.#up;
    if (segment.hasAck) this.#acknowledged(other, segment.ack);
    if (segment.length > 0) this.#data(own, segment, isUp, t, packet);
    if (segment.syn) own.next = (segment.seq + 1) >>> 0;
    if (segment.rst) this.#reset(isUp, t, packet);
    else if (segment.fin) this.#fin(isUp, t, packet);
    this.#lastAt = t ?? this.#lastAt;
    this.#lastPacket = packet;
  }

  /** The capture is over. */
  end(): void {
    if (this.#over) return;
    if (!this.#opened && this.#syns > 1) this.#unanswered();
    else this.#silence(this.#lastAt, this.#lastPacket);
  }

  #syn(t: number | undefined): void {
    this.#syns += 1;
    this.#firstSynAt ??= t;
  }

  #synAck(t: number | undefined, packet: number): void {
    if (this.#opened) return;
    this.#opened = true;
    const took = since(this.#firstSynAt, t);
    this.#tell(
      { kind: 'connect', ...(took === undefined ? {} : { durationMs: took }) },
      t,
      packet,
      'SYN, SYN-ACK: a connection is made',
    );
  }

  #acknowledged(direction: Direction, ack: number): void {
    if (direction.acked === undefined || after(ack, direction.acked)) {
      direction.acked = ack;
      direction.retransmitted = 0;
    }
  }

  #data(
    own: Direction,
    { seq, payload, length }: Segment,
    isUp: boolean,
    t: number | undefined,
    packet: number,
  ): void {
    own.next ??= seq;
    const end = (seq + length) >>> 0;
    if (!after(end, own.next)) {
      // A single byte before what is expected is a keep-alive probe.
      if (length > 1) own.retransmitted += 1;
      if (isUp && own.retransmitted >= silentAfter) this.#silence(t, packet);
      return;
    }
    const skipped = distance(own.next, seq);
    if (skipped > 0) own.view.push(new Uint8Array(0), skipped);
    const known = Math.max(0, -skipped);
    own.next = end;
    own.bytes += length;
    const all = own.view.push(payload.subarray(known), length - known);
    for (const found of all) this.#found(found, isUp, t, packet);
    const isTls = own.view.isTls;
    if (isUp && !isTls) this.#askedAt ??= t;
    if (!isUp && (isTls ? this.#isAnswer(all) : true)) this.#answered(t, packet);
    own.lastDataAt = t;
  }

  /** Whether TLS records of the server are an answer: before the client’s first request they are not, and session tickets never are. */
  #isAnswer(all: readonly Found[]): boolean {
    if (this.#askedAt === undefined) return false;
    const sizes = all.flatMap((found) => (found.is === 'tls' && found.what === 'data' ? found.size : []));
    if (sizes.length === 0 || this.#ticketsSeen) return true;
    this.#ticketsSeen = true;
    // OpenSSL sends two of the same size after the handshake.
    return sizes.length < 2 || sizes[0] !== sizes[1] || sizes.length > 2;
  }

  #answered(t: number | undefined, packet: number): void {
    const took = since(this.#askedAt, t);
    this.#askedAt = undefined;
    if (took !== undefined && this.#operation === undefined)
      this.#tell({ kind: 'exchange', durationMs: took }, t, packet, `an answer after ${Math.round(took)} ms`);
  }

  #found(found: Found, isUp: boolean, t: number | undefined, packet: number): void {
    if (found.is === 'tls') {
      if (found.what === 'client-hello') this.#hello = true;
      if (found.what === 'server-hello') this.#serverHello = true;
      if (found.what === 'handshake' && isUp) this.#ownHandshakes += 1;
      if (found.what === 'data' && isUp) {
        this.#appData = true;
        this.#upData += 1;
        // In TLS 1.3 the end of the handshake looks like data: the client’s second such record is a request.
        if (this.#upData > (this.#hello && this.#ownHandshakes === 0 ? 1 : 0)) this.#askedAt ??= t;
      }
      return;
    }
    if (found.is === 'alert') {
      const detail = found.description === undefined ? undefined : alerts[found.description];
      if (detail !== undefined)
        this.#tell({ kind: 'tls', detail }, t, packet, `TLS alert ${found.description}`);
      return;
    }
    if (found.is === 'request') {
      this.#operation = operationOf(found.method, found.path.replace(/^[a-z]+:\/\/[^/]+/i, ''));
      this.#askedAt = t;
      return;
    }
    if (found.is === 'answer') {
      const operation = this.#operation ?? 'a request';
      const took = since(this.#askedAt, t);
      this.#tell(
        {
          kind: 'request',
          operation,
          status: found.status,
          ...(took === undefined ? {} : { durationMs: took }),
        },
        t,
        packet,
        `${operation} → ${found.status}`,
      );
      if (found.status === 101) for (const { view } of [this.#up, this.#down]) view.upgrade();
      this.#askedAt = undefined;
      return;
    }
    if (found.is === 'mysql-error') {
      this.#tell({ kind: 'mysql', detail: String(found.code) }, t, packet, `MySQL error ${found.code}`);
      this.#askedAt = undefined;
      return;
    }
    if (found.code !== undefined && found.code !== 1000)
      this.#tell(
        { kind: 'ws-close', detail: String(found.code) },
        t,
        packet,
        `WebSocket close frame ${found.code}`,
      );
  }

  #reset(isUp: boolean, t: number | undefined, packet: number): void {
    this.#over = true;
    if (!this.#opened && this.#syns > 0 && !isUp) {
      this.#tell({ kind: 'refused' }, t, packet, 'a SYN is answered by RST');
      return;
    }
    if (isUp) {
      this.#givenUp(t, packet);
      return;
    }
    if (this.#handshakeBroke()) {
      this.#tell(
        { kind: 'tls', detail: 'handshake' },
        t,
        packet,
        `RST ${this.#serverHello ? 'after the ServerHello' : 'after the ClientHello'}`,
      );
      return;
    }
    const idle = since(this.#lastData(), t);
    const isWaiting = this.#askedAt !== undefined;
    this.#tell(
      {
        kind: 'reset',
        phase: isWaiting ? 'answer' : 'idle',
        ...(idle === undefined ? {} : { idleMs: this.#idleBefore(isWaiting, idle) }),
      },
      t,
      packet,
      isWaiting
        ? 'RST in place of an answer'
        : `RST on a connection that was idle for ${Math.round(idle ?? 0)} ms`,
    );
  }

  /** How long the connection was idle before what was answered by a reset. */
  #idleBefore(isWaiting: boolean, idle: number): number {
    if (!isWaiting) return idle;
    return since(this.#down.lastDataAt, this.#askedAt) ?? 0;
  }

  #fin(isUp: boolean, t: number | undefined, packet: number): void {
    if (isUp) this.#givenUp(t, packet);
    else if (this.#handshakeBroke()) {
      this.#tell(
        { kind: 'tls', detail: 'handshake' },
        t,
        packet,
        `FIN ${this.#serverHello ? 'after the ServerHello' : 'after the ClientHello'}`,
      );
      this.#over = true;
    } else if (this.#askedAt !== undefined && this.#up.view.isTls === false && this.#down.bytes === 0)
      this.#tell({ kind: 'reset', phase: 'answer', idleMs: 0 }, t, packet, 'FIN in place of an answer');
  }

  /** The client ends the connection while it waits. */
  #givenUp(t: number | undefined, packet: number): void {
    this.#over = true;
    const waited = since(this.#askedAt ?? (this.#handshakeBroke() ? this.#up.lastDataAt : undefined), t);
    if (waited === undefined || waited < leastWaitMs || this.#silentTold) return;
    this.#tell(
      { kind: 'timeout', detail: 'read', afterMs: waited },
      t,
      packet,
      `the client gives up after ${Math.round(waited)} ms without an answer`,
    );
  }

  #handshakeBroke(): boolean {
    return this.#hello && !this.#appData;
  }

  #unanswered(): void {
    const waited = since(this.#firstSynAt, this.#lastAt);
    this.#tell(
      { kind: 'timeout', detail: 'connect', ...(waited === undefined ? {} : { afterMs: waited }) },
      this.#firstSynAt,
      this.#lastPacket,
      `${this.#syns} SYN and no answer`,
    );
    this.#over = true;
  }

  /** Data that nobody acknowledges however often they are sent. */
  #silence(t: number | undefined, packet: number): void {
    if (this.#silentTold || this.#up.retransmitted < silentAfter) return;
    this.#silentTold = true;
    this.#tell(
      { kind: 'timeout', detail: 'silent' },
      t,
      packet,
      `sent ${this.#up.retransmitted + 1} times, and nobody acknowledges it`,
    );
  }

  #lastData(): number | undefined {
    const times = [this.#up.lastDataAt, this.#down.lastDataAt].filter((t) => t !== undefined);
    return times.length === 0 ? undefined : Math.max(...times);
  }

  #tell(told: Told, t: number | undefined, packet: number, words: string): void {
    this.#emit({
      told: { ...told, peer: this.#peer },
      t,
      packet,
      words: `${this.#server.split(' ')[1]}: ${words}`,
    });
  }
}

/** ms from one moment to another. */
const since = (from: number | undefined, to: number | undefined): number | undefined =>
  from === undefined || to === undefined ? undefined : to - from;

/** Sequence numbers wrap around (RFC 9293, section 3.4). */
const distance = (from: number, to: number): number => (to - from) | 0;
const after = (a: number, b: number): boolean => distance(b, a) > 0;
