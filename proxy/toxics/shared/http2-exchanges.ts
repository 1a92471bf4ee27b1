/**
 * What toxics that work on HTTP/2 share: both directions are read together, and a toxic works on frames of either,
 * whatever its `stream`. It may put frames of its own between those that pass, and take a stream out of the connection:
 * what both ends still say on that is swallowed, and the flow-control window that it took is given back (RFC 9113,
 * section 6.9), so that the other streams go on.
 */
import type { Stream } from '../../core/events.ts';
import { close, passEnd, type Step, send, wakeOther } from '../../core/steps.ts';
import type { Behaviour, StrikeFact, ToxicContext } from '../../core/toxic-type.ts';
import { type BlockPart, type FramePart, type Http2Part, Http2Reader } from '../../protocols/http2.ts';
import { type Exchange, fieldValue } from '../../protocols/http2-exchanges.ts';
import { frameHeaderBytes, frameType, windowUpdate } from '../../protocols/http2-frames.ts';
import { isWanted as fits, type RequestValues } from './http-requests.ts';
import { mergeSends } from './merge-sends.ts';
import { unreadableNotes } from './note-unreadable.ts';
import { recognise } from './recognition.ts';

/** A part of the dialogue with its place. */
export type PlacedPart = (FramePart | BlockPart) & {
  readonly stream: Stream;
  /** When it arrived, epoch ms. */
  readonly at: number;
  /** Bytes of the direction before it. */
  readonly offset: number;
};

/** What a toxic does. */
export interface Http2Work {
  /** What is sent in place of these bytes. */
  part(part: PlacedPart): Iterable<Step>;
  /** Runs in a direction where nothing comes; behind it `put` has an effect there. */
  idle?(stream: Stream): Iterable<Step>;
  /** Frames that it holds of a direction whose end has come. */
  end?(stream: Stream): Iterable<Step>;
  /** Frames that are missing in a direction when the toxic leaves the connection. */
  owed?(stream: Stream): Iterable<Step>;
  /** What else is to be done then. */
  lifted?(): Iterable<Step>;
}

type AnyContext = Omit<ToxicContext<unknown>, 'attributes'>;

/** What a toxic may do to a connection beside handing parts on. */
export class Http2Connection {
  readonly reader: Http2Reader;
  readonly #now: () => number;
  readonly #queues: Readonly<Record<Stream, Step[]>> = { upstream: [], downstream: [] };
  readonly #takenOut = new Set<number>();
  /** Bytes of the DATA frame in hand that are to be given back. */
  readonly #owed = { upstream: 0, downstream: 0 };
  readonly #outOfStep = new Set<Stream>();
  #lastStream = Number.POSITIVE_INFINITY;

  constructor(reader: Http2Reader, now: () => number) {
    this.reader = reader;
    this.#now = now;
  }

  /** Whether blocks were taken out, so that without this toxic the ends would no longer understand each other. */
  get altered(): boolean {
    return this.#outOfStep.size > 0;
  }

  /** Sends a frame, or an end, in a direction, as soon as no other frame is under way there. */
  *put(stream: Stream, what: Buffer | Step): Generator<Step> {
    this.#queues[stream].push(Buffer.isBuffer(what) ? send(what, this.#now()) : what);
    yield wakeOther;
  }

  /** What was put into a direction and may go now. */
  *flush(stream: Stream): Generator<Step> {
    const queue = this.#queues[stream];
    if (!this.reader.takesFrames(stream)) return;
    for (let step = queue.shift(); step; step = queue.shift()) yield step;
  }

  /** Neither end hears any more of the other on that stream. */
  takeOut(streamId: number): void {
    this.#takenOut.add(streamId);
    this.reader.exchanges.reset(streamId);
  }

  /** The same for all streams of the client above that one, now and later. */
  takeOutAbove(lastStream: number): void {
    this.#lastStream = lastStream;
    for (const { id } of this.reader.exchanges.open) if (id > lastStream) this.takeOut(id);
  }

  isTakenOut(streamId: number): boolean {
    return (streamId % 2 === 1 && streamId > this.#lastStream) || this.#takenOut.has(streamId);
  }

  /** A field block that the other end does not get. */
  takeBlockOut(stream: Stream): void {
    this.#outOfStep.add(stream);
    this.reader.tookBlockOut(stream);
  }

  /** Whether a block that comes now would be misread: one was taken out, and this one could not be written anew. */
  isMisread(part: PlacedPart): boolean {
    return part.kind === 'block' && !this.reader.readsBlocks && this.#outOfStep.has(part.stream);
  }

  /** Swallows a part of a stream that was taken out. */
  *swallow(part: PlacedPart): Generator<Step> {
    const { stream } = part;
    if (part.kind === 'block') {
      this.takeBlockOut(stream);
      if (part.exchange) this.reader.exchanges.reset(part.streamId);
      return;
    }
    const header = part.begins ? frameHeaderBytes : 0;
    if (part.frame.type === frameType.data) yield* this.giveBack(part, part.bytes.length - header);
  }

  /** Lets the sender of DATA send as much more on the connection, once the frame is over: so many bytes do not arrive. */
  *giveBack(
    { stream, ends }: Pick<FramePart & PlacedPart, 'stream' | 'ends'>,
    bytes: number,
  ): Generator<Step> {
    this.#owed[stream] += bytes;
    if (!ends || this.#owed[stream] === 0) return;
    yield* this.put(opposite(stream), windowUpdate(0, this.#owed[stream]));
    this.#owed[stream] = 0;
  }
}

/** The other direction. */
export const opposite = (stream: Stream): Stream => (stream === 'upstream' ? 'downstream' : 'upstream');

/** The stream that a part belongs to; 0 is the connection. */
export const streamOf = (part: FramePart | BlockPart): number =>
  part.kind === 'block' ? part.streamId : part.frame.streamId;

/** The behaviours that do a toxic's work. */
export function byHttp2(
  context: AnyContext,
  work: (connection: Http2Connection) => Http2Work,
): Record<Stream, Behaviour> {
  const reader = new Http2Reader(context);
  const connection = new Http2Connection(reader, () => context.now());
  const own = work(connection);
  const note = unreadableNotes(context, reader);
  function* handle(part: Http2Part, stream: Stream, at: number, offset: number): Generator<Step> {
    if (part.kind === 'other') return yield send(part.bytes, at);
    const placed = { ...part, stream, at, offset };
    if (connection.isTakenOut(streamOf(part))) yield* connection.swallow(placed);
    else if (connection.isMisread(placed)) yield close('reset');
    else yield* own.part(placed);
    yield* connection.flush(stream);
  }

  const behaviour = (stream: Stream): Behaviour => {
    let offset = context.bytesBefore[stream];

    function* parts(bytes: Buffer, at: number): Generator<Step> {
      for (const part of reader.read(stream, bytes)) {
        const before = offset;
        offset += part.kind === 'block' ? part.received : part.bytes.length;
        yield* handle(part, stream, at, before);
      }
    }
    function* release(): Generator<Step> {
      const rest = reader.takeRest(stream);
      if (rest.length > 0) yield send(rest, context.now());
    }
    /** Within a frame nothing can be put. */
    function* payBack(): Generator<Step> {
      const owed = [...(own.owed?.(stream) ?? [])];
      if (owed.length > 0 && !reader.takesFrames(stream)) yield close('reset');
      yield* owed;
    }
    return {
      *chunk({ bytes, at }) {
        yield* mergeSends(parts(bytes, at));
        yield* note();
      },
      *idle() {
        yield* recognise(context, { undecided: reader.undecided(stream), giveUp: () => reader.giveUp() });
        yield* connection.flush(stream);
        if (reader.unreadable === undefined) yield* own.idle?.(stream) ?? [];
        yield* connection.flush(stream);
        yield* recognise(context, { undecided: reader.adrift(stream), giveUp: () => reader.settle(stream) });
        yield* connection.flush(stream);
        yield* note();
        if (reader.unreadable !== undefined) yield* release();
      },
      *end() {
        if (reader.takesFrames(stream)) yield* own.end?.(stream) ?? [];
        yield* release();
        yield passEnd;
      },
      *lifted() {
        yield* connection.flush(stream);
        yield* payBack();
        yield* release();
        if (stream !== 'downstream') return;
        yield* own.lifted?.() ?? [];
        if (connection.altered) yield close('reset');
      },
    };
  };
  return { upstream: behaviour('upstream'), downstream: behaviour('downstream') };
}

/** Counts a request that fits, and says whether the toxic acts on it. */
export function isWanted(context: ToxicContext<RequestValues>, { fields }: Exchange): boolean {
  const method = fieldValue(fields, ':method') ?? '';
  return fits(context, { method, target: fieldValue(fields, ':path') ?? '' });
}

/** What a toxic reports when it acts. */
export const partFact = (reason: string, part: PlacedPart, delivered: boolean): StrikeFact => ({
  reason,
  stream: part.stream,
  bytes: part.kind === 'block' ? part.received : part.bytes.length,
  offset: part.offset,
  delivered,
});
