/**
 * Reads both directions of a connection as HTTP/2 (RFC 9113), with prior knowledge or inside TLS: frames, and what field
 * blocks say. It says of every byte what it is, in order, and keeps at most one field block of each direction.
 *
 *     unknown ─(the client's preface)─► open ─(what no end may send)─► lost
 *
 * The server may speak first: SETTINGS, before the client's preface has come. An upgrade from HTTP/1.1 (`h2c` of RFC
 * 7540) is not followed.
 */
import type { Stream } from '../core/events.ts';
import { FieldBlockReader, type HeaderField } from './hpack.ts';
import { type BlockRole, type Exchange, Exchanges } from './http2-exchanges.ts';
import { joinBlock, rewriteBlock } from './http2-field-blocks.ts';
import { type FramePiece, FrameReader, frameFlag, frameType } from './http2-frames.ts';
import { beginsLikeSettings, clientPreface, looksLikeFrames } from './http2-recognition.ts';

/** A frame, or part of a DATA frame. */
export interface FramePart extends FramePiece {
  readonly kind: 'frame';
  readonly exchange: Exchange | undefined;
}

/** HEADERS or PUSH_PROMISE with its CONTINUATIONs, whole. */
export interface BlockPart {
  readonly kind: 'block';
  /** What is to be sent on for it: as it came, unless a block before it was taken out. */
  readonly bytes: Buffer;
  /** How many bytes it was. */
  readonly received: number;
  readonly streamId: number;
  readonly role: BlockRole;
  readonly exchange: Exchange | undefined;
  /** Undefined on a connection whose beginning was missed. */
  readonly fields: readonly HeaderField[] | undefined;
}

/** Part of what one direction carries; `other` is the client's preface, or no HTTP/2. */
export type Http2Part = { readonly kind: 'other'; readonly bytes: Buffer } | FramePart | BlockPart;

const ofBlocks: readonly number[] = [frameType.headers, frameType.pushPromise, frameType.continuation];
/** Of all frames of one field block. */
const longestBlock = 256 * 1024;

const noHttp2 = 'no HTTP/2';
const noFrames = 'no frames of HTTP/2';
const broken = 'HTTP/2 that cannot be read';

/** What is known of one direction. */
class Direction {
  readonly frames = new FrameReader();
  /** Undefined where the beginning was missed, and with it what is in the table. */
  readonly blocks: FieldBlockReader | undefined;
  /** Frames of a field block that is not whole yet, and how many bytes they are. */
  readonly block: FramePiece[] = [];
  blockBytes = 0;
  /** Whether frames are read, since their beginning was found. */
  found = false;
  /** Whether SETTINGS came, before which an end may say nothing else; of one joined late, whether a frame begins next. */
  settled = false;
  /** Whether part of a DATA frame is still to come. */
  within = false;
  /** Whether a block was taken out, so that the table does not hold any more. */
  rewrites = false;

  constructor(joinedLate: boolean) {
    this.blocks = joinedLate ? undefined : new FieldBlockReader();
  }
}

export class Http2Reader {
  readonly exchanges: Exchanges;
  readonly #directions: Readonly<Record<Stream, Direction>>;
  readonly #joinedLate: boolean;
  #state: 'unknown' | 'open' | 'lost' = 'unknown';
  #preface: Buffer = Buffer.alloc(0);
  #unreadable: string | undefined;

  /** `joinedLate` says that bytes passed before: then the first chunk that looks like frames is taken as such. */
  constructor({ joinedLate }: { readonly joinedLate: boolean }) {
    this.#joinedLate = joinedLate;
    this.exchanges = new Exchanges(joinedLate);
    this.#directions = { upstream: new Direction(joinedLate), downstream: new Direction(joinedLate) };
  }

  /** Why nothing is read; undefined while it is, or may be soon. */
  get unreadable(): string | undefined {
    return this.#unreadable;
  }

  /** Whether field blocks are understood, and can be taken out. */
  get readsBlocks(): boolean {
    return !this.#joinedLate;
  }

  /** Whether bytes of a direction are held that may be no HTTP/2. */
  undecided(stream: Stream): boolean {
    const { frames, block } = this.#directions[stream];
    const holds = frames.holds || block.length > 0;
    if (this.#joinedLate) return holds && !this.#isLost() && !this.#isFound;
    return this.#state === 'unknown' && (stream === 'upstream' ? this.#preface.length > 0 : holds);
  }

  /** Whether frames were found in both directions. */
  get #isFound(): boolean {
    return this.#directions.upstream.found && this.#directions.downstream.found;
  }

  /** Decides that what is held is no HTTP/2; `takeRest` returns it. */
  giveUp(reason = noHttp2): void {
    this.#state = 'lost';
    this.#unreadable = reason;
  }

  /** Whether a frame of somebody else's may follow what was read last in a direction. */
  takesFrames(stream: Stream): boolean {
    const { settled, within } = this.#directions[stream];
    return this.#state === 'open' && settled && !within;
  }

  /** Whether a direction that was joined late may be within a frame. */
  adrift(stream: Stream): boolean {
    return this.#joinedLate && !this.#directions[stream].settled;
  }

  /** Decides that it is between frames: nothing came for a while, and frames are written at once. */
  settle(stream: Stream): void {
    this.#directions[stream].settled = true;
  }

  /** A field block of a direction does not go on: those behind it come out in a form that needs no table. */
  tookBlockOut(stream: Stream): void {
    this.#directions[stream].rewrites = true;
  }

  /** Each part is read when it is asked for, after what was decided about the one before it. */
  read(stream: Stream, bytes: Buffer): Iterable<Http2Part> {
    const direction = this.#directions[stream];
    if (this.#joinedLate && !direction.found && !this.#isLost()) this.#find(stream, bytes);
    if (this.#isLost() || (this.#joinedLate && !direction.found)) return this.#other(stream, bytes);
    if (direction.found) return this.#readFrames(stream, bytes);
    return stream === 'upstream' ? this.#readPreface(bytes) : this.#readSettings(bytes);
  }

  /** What is held of a direction; the reader forgets it. */
  takeRest(stream: Stream): Buffer {
    const { block, frames } = this.#directions[stream];
    const preface = stream === 'upstream' ? this.#preface : Buffer.alloc(0);
    if (stream === 'upstream') this.#preface = Buffer.alloc(0);
    return Buffer.concat([preface, ...block.splice(0).map((piece) => piece.bytes), frames.takeRest()]);
  }

  #find(stream: Stream, bytes: Buffer): void {
    if (!looksLikeFrames(bytes, stream)) {
      this.#unreadable ??= noFrames;
      return;
    }
    Object.assign(this.#directions[stream], { found: true, settled: true });
    this.#state = 'open';
    this.#unreadable = undefined;
  }

  *#other(stream: Stream, bytes: Buffer): Generator<Http2Part> {
    const all = Buffer.concat([this.takeRest(stream), bytes]);
    if (all.length > 0) yield { kind: 'other', bytes: all };
  }

  *#readPreface(bytes: Buffer): Generator<Http2Part> {
    const sofar = Buffer.concat([this.#preface, bytes]);
    const known = sofar.subarray(0, clientPreface.length);
    if (!clientPreface.subarray(0, known.length).equals(known)) {
      this.giveUp();
      return yield* this.#other('upstream', bytes);
    }
    this.#preface = sofar;
    if (sofar.length < clientPreface.length) return;

    this.#preface = Buffer.alloc(0);
    this.#directions.upstream.found = true;
    this.#state = 'open';
    yield { kind: 'other', bytes: known };
    yield* this.#readFrames('upstream', sofar.subarray(clientPreface.length));
  }

  /** What the server says first, perhaps before the client's preface. */
  *#readSettings(bytes: Buffer): Generator<Http2Part> {
    const { frames } = this.#directions.downstream;
    const sofar = Buffer.concat([frames.takeRest(), bytes]);
    const fits = beginsLikeSettings(sofar);
    if (!fits) this.giveUp();
    yield* fits ? this.#readFrames('downstream', sofar) : this.#other('downstream', sofar);
  }

  *#readFrames(stream: Stream, bytes: Buffer): Generator<Http2Part> {
    const { frames } = this.#directions[stream];
    for (const piece of frames.push(bytes)) {
      const part = this.#part(stream, piece);
      if (part) yield part;
      if (this.#isLost()) break;
    }
    if (frames.broken || this.exchanges.tooMany) this.giveUp(broken);
    if (this.#isLost()) yield* this.#other(stream, Buffer.alloc(0));
  }

  #isLost(): boolean {
    return this.#state === 'lost';
  }

  /** Undefined for a frame of a field block that goes on. */
  #part(stream: Stream, piece: FramePiece): Http2Part | undefined {
    const direction = this.#directions[stream];
    const { type, flags, streamId } = piece.frame;
    direction.found = true;
    if (direction.block.length > 0 || ofBlocks.includes(type)) return this.#block(stream, piece);

    direction.within = !piece.ends;
    if (type === frameType.settings) direction.settled = true;
    const exchange = this.exchanges.get(streamId);
    const endsStream = type === frameType.data && piece.ends && (flags & frameFlag.endStream) !== 0;
    if (exchange && endsStream) this.exchanges.end(stream, exchange);
    if (type === frameType.rstStream) this.exchanges.reset(streamId);
    return { kind: 'frame', exchange, ...piece };
  }

  #block(stream: Stream, piece: FramePiece): Http2Part | undefined {
    const direction = this.#directions[stream];
    const { block, blocks, rewrites } = direction;
    const continues = block.length > 0;
    direction.blockBytes = (continues ? direction.blockBytes : 0) + piece.bytes.length;
    block.push(piece);
    const isContinuation = piece.frame.type === frameType.continuation;
    if (continues !== isContinuation || direction.blockBytes > longestBlock) return this.#lost(stream);
    if ((piece.frame.flags & frameFlag.endHeaders) === 0) return undefined;

    const joined = joinBlock(block);
    const read = joined && blocks?.read(joined.content);
    if (joined === undefined || (blocks && !read)) return this.#lost(stream);
    const bytes = Buffer.concat(block.splice(0).map((part) => part.bytes));
    const { streamId, flags, type } = joined.frame;
    const placed = { streamId, fields: read?.fields, endsStream: (flags & frameFlag.endStream) !== 0 };
    return {
      kind: 'block',
      bytes: rewrites && read ? rewriteBlock(joined, read) : bytes,
      received: bytes.length,
      streamId,
      fields: read?.fields,
      ...(type === frameType.pushPromise
        ? { role: 'promise', exchange: undefined }
        : this.exchanges.block(stream, placed)),
    };
  }

  /** What is held is no field block that can be read. */
  #lost(stream: Stream): Http2Part {
    this.giveUp(broken);
    return { kind: 'other', bytes: this.takeRest(stream) };
  }
}
