/**
 * One direction of a connection: reads from the source, leads what it reads through the toxics in force, writes to the
 * destination. Without toxics a chunk goes from the read to the write with nothing in between. Whoever is full makes
 * the one before it wait, up to the source, which is then no longer read.
 */
import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Item, Reply } from '../core/steps.ts';
import type { Behaviour } from '../core/toxic-type.ts';
import { LendingSocket } from './lending-socket.ts';
import { type Sink, Stage, type StageDeps } from './stage.ts';
import type { Toxic } from './toxic.ts';

/** Toxics work on at most this much at a time, as Toxiproxy's do. */
const largestChunk = 32 * 1024;
/** A peer that leaves so much unread gets no more of a toxic's own answers. */
const crowdedBytes = 2 * 1024 * 1024;

/** A toxic in force on a link, with what it does there. */
export interface ToxicInForce {
  readonly toxic: Toxic;
  readonly behaviour: Behaviour;
}

/** What a link needs of its connection. */
export interface LinkDeps extends StageDeps {
  /** A byte moved. */
  touched(at: number): void;
  /** The source's FIN arrived. */
  ended(): void;
  /** The source's FIN came out at the far end of the chain. */
  endPassed(): void;
  /** The source's RST came out there. */
  resetPassed(): void;
  /** The end that a toxic made came out there, behind its bytes. */
  closePassed(how: 'fin' | 'reset'): void;
  /** What looks at the bytes threw. */
  tapFailed(error: unknown): void;
  /** A reply of the opposite direction that had to wait may try again. */
  roomForReplies(): void;
}

export class Link {
  bytesIn = 0;
  bytesOut = 0;
  /** Sees what arrives and what leaves, until it is set to undefined. */
  onArrival: ((bytes: Buffer) => void) | undefined;
  onDelivery: ((bytes: Buffer) => void) | undefined;
  onEndDelivery: (() => void) | undefined;
  readonly #source: Duplex;
  readonly #target: Duplex;
  readonly #deps: LinkDeps;
  readonly #writer: Sink;
  #stages: Stage[] = [];
  #replyWaits = false;

  constructor(source: Duplex, target: Duplex, deps: LinkDeps) {
    this.#source = source;
    this.#target = target;
    this.#deps = deps;
    this.#writer = {
      get full() {
        return target.writableNeedDrain && !target.destroyed;
      },
      get crowded() {
        return target.writableLength >= crowdedBytes && !target.destroyed;
      },
      offer: (item) => this.#write(item),
    };
  }

  /**
   * Begins to read, unless a toxic ended the connection at once. What carries TLS may have met the sender's end before;
   * it has nothing left to read then.
   */
  start(): void {
    if (this.#deps.closed) return;
    if (this.#source.readableEnded) this.#onEnd();
    this.#source.on('data', this.#onData);
    // What is no socket may hold on to the very bytes it was given.
    if (this.#source instanceof LendingSocket && this.#target instanceof net.Socket)
      this.#source.borrower = this.#onLent;
    this.#source.once('end', this.#onEnd);
    this.#target.on('drain', this.#onRoom);
    this.#target.once('close', this.#onRoom);
    this.#flow();
  }

  /** Bytes came that nobody waits for any more. */
  vanished(bytes: number): void {
    this.bytesIn += bytes;
    this.#deps.touched(this.#deps.clock.now());
  }

  /** Stops reading and drops what is under way. */
  detach(): void {
    for (const stage of this.#stages) stage.stop();
    this.#source.off('data', this.#onData);
    if (this.#source instanceof LendingSocket) this.#source.borrower = undefined;
    this.#source.off('end', this.#onEnd);
    this.#target.off('drain', this.#onRoom);
    this.#target.off('close', this.#onRoom);
  }

  /** The source is gone: its end follows what it sent before. */
  sourceGone(kind: 'end' | 'reset'): void {
    this.#first.offer({ kind });
  }

  /**
   * Makes `wanted` the toxics in force, in that order. Those that were there before keep their state; `deleted` says
   * which are gone for good rather than inactive.
   */
  arrange(wanted: readonly ToxicInForce[], deleted: ReadonlySet<Toxic>): void {
    const staying = new Set(wanted.map(({ toxic }) => toxic));
    const leaving = this.#stages.filter(({ toxic }) => !staying.has(toxic));
    // Still linked, so that nothing overtakes what they hold.
    for (const stage of leaving) stage.release(deleted.has(stage.toxic) ? 'deleted' : 'inactive');
    const known = new Map(this.#stages.map((stage) => [stage.toxic, stage]));
    this.#stages = wanted.map(
      ({ toxic, behaviour }) =>
        known.get(toxic) ?? new Stage(toxic, behaviour, this.#writer, this.#deps, this.bytesIn),
    );
    this.#relink();
    this.run();
    this.#flow();
  }

  /** Puts one more in force, behind the others; costs the same however many there are. */
  append({ toxic, behaviour }: ToxicInForce): void {
    const stage = new Stage(toxic, behaviour, this.#writer, this.#deps, this.bytesIn);
    const previous = this.#stages.at(-1);
    this.#stages.push(stage);
    if (previous) previous.next = stage;
    stage.wakePrevious = this.#wakerOf(previous);
    stage.run();
    previous?.run();
    this.#flow();
  }

  /** Takes out one that is gone for good; what it holds goes on. */
  remove(toxic: Toxic): void {
    const index = this.#stages.findIndex((stage) => stage.toxic === toxic);
    if (index < 0) return;
    this.#stages[index]?.release('deleted');
    this.#stages.splice(index, 1);
    const previous = index > 0 ? this.#stages[index - 1] : undefined;
    const next = this.#stages[index];
    if (previous) previous.next = next ?? this.#writer;
    if (next) next.wakePrevious = this.#wakerOf(previous);
    next?.run();
    previous?.run();
    this.#flow();
  }

  /** The values of a toxic in force changed. */
  update(toxic: Toxic): void {
    this.#stages.find((stage) => stage.toxic === toxic)?.update();
    this.#flow();
  }

  /** Whether bytes that a toxic answers with from the opposite direction find room; whoever finds none is told when there is some. */
  takesReply(toxic: Toxic, reply: Reply): boolean {
    const { crowded } = this.#entryOf(toxic, reply);
    if (crowded) this.#replyWaits = true;
    return !crowded;
  }

  /** Takes them in; nothing comes in behind the source's FIN. */
  inject(toxic: Toxic, reply: Reply): void {
    const { bytes } = reply;
    const at = this.#deps.clock.now();
    const entry = this.#entryOf(toxic, reply);
    if (entry === this.#first) this.#offerInParts(bytes, at);
    else entry.offer({ kind: 'chunk', bytes, at });
  }

  #entryOf(toxic: Toxic, { asPeer }: Reply): Sink {
    if (asPeer && !this.#source.readableEnded) return this.#first;
    return this.#stages.find((stage) => stage.toxic === toxic)?.next ?? this.#writer;
  }

  /** Makes the toxics of this direction do what they can do now. */
  run(): void {
    for (const stage of this.#stages.toReversed()) stage.run();
  }

  /** Something that a toxic waits for in this direction came about in the other one. */
  restartIdle(toxic: Toxic): void {
    this.#stages.find((stage) => stage.toxic === toxic)?.restartIdle();
  }

  /** Bytes of this direction before the item that a toxic has in hand. */
  offsetOf(toxic: Toxic): number {
    return this.#stages.find((stage) => stage.toxic === toxic)?.offset ?? this.bytesIn;
  }

  get #first(): Sink {
    return this.#stages[0] ?? this.#writer;
  }

  #relink(): void {
    this.#stages.forEach((stage, index) => {
      const previous = this.#stages[index - 1];
      stage.next = this.#stages[index + 1] ?? this.#writer;
      stage.wakePrevious = this.#wakerOf(previous);
    });
  }

  #onData = (bytes: Buffer): void => {
    this.bytesIn += bytes.length;
    const at = this.#deps.clock.now();
    this.#deps.touched(at);
    if (this.onArrival) this.#tell(() => this.onArrival?.(bytes));
    if (this.#stages.length === 0) this.#write({ kind: 'chunk', bytes, at });
    else this.#offerInParts(bytes, at);
    if (this.#first.full) this.#source.pause();
  };

  /** Bytes that only pass through are borrowed until they are written; whoever else looks at them may keep them. */
  #onLent = (bytes: Buffer): boolean => {
    const passesOn = this.#stages.length === 0 && !this.onArrival && !this.onDelivery;
    this.#onData(passesOn ? bytes : Buffer.from(bytes));
    return !passesOn || this.#target.writableLength === 0;
  };

  #offerInParts(bytes: Buffer, at: number): void {
    for (let from = 0; from < bytes.length; from += largestChunk) {
      this.#first.offer({ kind: 'chunk', bytes: bytes.subarray(from, from + largestChunk), at });
    }
  }

  #onEnd = (): void => {
    this.#deps.ended();
    this.#first.offer({ kind: 'end' });
  };

  #onRoom = (): void => {
    this.#wakerOf(this.#stages.at(-1))();
  };

  /** What is to be done when there is room behind `stage`, or behind the source. */
  #wakerOf(stage: Stage | undefined): () => void {
    return () => {
      if (stage) stage.run();
      else this.#flow();
      if (!this.#replyWaits) return;
      this.#replyWaits = false;
      this.#deps.roomForReplies();
    };
  }

  #flow(): void {
    if (!this.#first.full && !this.#deps.closed) this.#source.resume();
  }

  #write(item: Item): void {
    if (this.#deps.closed) return;
    if (item.kind === 'reset') this.#deps.resetPassed();
    else if (item.kind === 'close') this.#deps.closePassed(item.how);
    else if (this.#target.destroyed || this.#target.writableEnded) return;
    else if (item.kind === 'end') this.#deliverEnd();
    else this.#deliver(item.bytes);
  }

  #deliverEnd(): void {
    this.#deps.endPassed();
    this.#tell(() => this.onEndDelivery?.());
  }

  #deliver(bytes: Buffer): void {
    this.bytesOut += bytes.length;
    if (this.#stages.length > 0) this.#deps.touched(this.#deps.clock.now());
    this.#target.write(bytes);
    if (this.onDelivery) this.#tell(() => this.onDelivery?.(bytes));
  }

  #tell(tap: () => void): void {
    try {
      tap();
    } catch (error) {
      this.#deps.tapFailed(error);
    }
  }
}
