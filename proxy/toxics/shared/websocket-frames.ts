/**
 * What toxics that work on WebSocket frames share: both directions are read together, since frames begin only after the
 * upgrade in both, and the toxic works on those of its own direction. Everything else passes as it is.
 */

import { choice } from '../../core/attributes.ts';
import type { Stream } from '../../core/events.ts';
import { pass, passEnd, type Step, send, wakeOther } from '../../core/steps.ts';
import type { Behaviour, ToxicContext } from '../../core/toxic-type.ts';
import { WebSocketReader } from '../../protocols/websocket.ts';
import { type FramePiece, opcode } from '../../protocols/websocket-frames.ts';
import { mergeSends } from './merge-sends.ts';
import { unreadableNotes } from './note-unreadable.ts';
import { isDue, type OccasionValues, occasionAttributes } from './occasions.ts';
import { recognise } from './recognition.ts';

/** Bytes of a frame with their place. */
export interface PlacedPiece extends FramePiece {
  /** When they arrived, epoch ms. */
  readonly at: number;
  /** Bytes of the direction before them. */
  readonly offset: number;
}

/** The head of a request with its place. */
export interface PlacedHead {
  readonly bytes: Buffer;
  readonly at: number;
  readonly offset: number;
}

/** What a toxic does in one direction; what it leaves out passes. */
export interface FrameWork {
  /** What is sent in place of these bytes. */
  piece?(piece: PlacedPiece): Iterable<Step>;
  /** What is sent in place of the request for the upgrade. Upstream alone. */
  request?(request: PlacedHead): Iterable<Step>;
  /** The answer that opens the WebSocket has passed; frames follow. Downstream alone. */
  opened?(): Iterable<Step>;
  idle?(): Iterable<Step>;
  /** What is sent in place of the sender's FIN, after what is held. */
  end?(): Iterable<Step>;
  /** What is sent in place of the sender's RST. */
  reset?(): Iterable<Step>;
  /** The bytes that it holds, for when nothing more is to come. */
  release?(): Iterable<Step>;
  lifted?(): Iterable<Step>;
}

/** One direction of a connection. */
export interface Side {
  readonly stream: Stream;
  readonly reader: WebSocketReader;
  /** Bytes of the direction so far. */
  readonly offset: number;
}

type AnyContext = Omit<ToxicContext<unknown>, 'attributes'>;

/** The behaviours that do a toxic's work, `work` being asked once for each direction. */
export function byFrame(context: AnyContext, work: (side: Side) => FrameWork): Record<Stream, Behaviour> {
  const reader = new WebSocketReader(context);
  const note = unreadableNotes(context, reader);
  const behaviour = (stream: Stream): Behaviour => {
    const side = { stream, reader, offset: context.bytesBefore[stream] };
    const own = work(side);

    function* parts(bytes: Buffer, at: number): Generator<Step> {
      for (const part of reader.read(stream, bytes)) {
        const { offset } = side;
        side.offset += part.bytes.length;
        if (part.kind === 'frame' && own.piece) yield* own.piece({ ...part, at, offset });
        else if (part.kind === 'request' && own.request)
          yield* own.request({ bytes: part.bytes, at, offset });
        else yield send(part.bytes, at);
        if (part.kind !== 'accepted') continue;
        yield* own.opened?.() ?? [];
        yield wakeOther;
      }
    }
    function* release(): Generator<Step> {
      yield* own.release?.() ?? [];
      const rest = reader.takeRest(stream);
      if (rest.length > 0) yield send(rest, context.now());
    }
    function* idle(): Generator<Step> {
      yield* recognise(context, { undecided: reader.undecided(stream), giveUp: () => reader.giveUp() });
      yield* note();
      const rest = reader.unreadable === undefined ? Buffer.alloc(0) : reader.takeRest(stream);
      if (rest.length > 0) yield send(rest, context.now());
      yield* own.idle?.() ?? [];
    }
    return {
      *chunk({ bytes, at }) {
        yield* mergeSends(parts(bytes, at));
        yield* note();
      },
      idle,
      *end() {
        yield* release();
        yield* own.end?.() ?? [passEnd];
      },
      reset: () => own.reset?.() ?? [pass({ kind: 'reset' })],
      *lifted() {
        yield* release();
        yield* own.lifted?.() ?? [];
      },
    };
  };
  return { upstream: behaviour('upstream'), downstream: behaviour('downstream') };
}

/** Whether the toxic was created for that direction. */
export const actsOn = (context: AnyContext, stream: Stream): boolean =>
  context.stream === stream || context.stream === 'both';

/** Attributes of a toxic that picks messages: by opcode, then by occasion. */
export const messageAttributes = {
  opcode: choice(['any', 'text', 'binary', 'ping', 'pong', 'close']),
  ...occasionAttributes,
};

const opcodes = new Map(Object.entries(opcode).map(([name, code]) => [code as number, name]));

/** The name of what a frame is part of: `text`, `ping` and so on. */
export const messageName = ({ message }: FramePiece['frame']): string =>
  opcodes.get(message) ?? `opcode ${message}`;

/** Picks messages: a control frame by itself, a data message once for all of its fragments. */
export class MessagePicker {
  readonly #context: ToxicContext<OccasionValues & { readonly opcode: string }>;
  readonly #act: (piece: PlacedPiece) => boolean;
  #frame = false;
  #message = false;

  /** `act` is called for the first frame of each message that is due, and says whether the toxic may act on it. */
  constructor(
    context: ToxicContext<OccasionValues & { readonly opcode: string }>,
    act: (piece: PlacedPiece) => boolean,
  ) {
    this.#context = context;
    this.#act = act;
  }

  /** Whether a picked message is not over yet. */
  get underWay(): boolean {
    return this.#frame || this.#message;
  }

  /** To be called for each piece in turn. */
  picks(piece: PlacedPiece): boolean {
    const { frame, begins, ends } = piece;
    const control = frame.opcode >= opcode.close;
    if (begins) this.#frame = frame.opcode === opcode.continuation ? this.#message : this.#decide(piece);
    if (begins && !control) this.#message = this.#frame;
    const picked = this.#frame;
    if (ends) this.#frame = false;
    if (ends && frame.fin && !control) this.#message = false;
    return picked;
  }

  #decide(piece: PlacedPiece): boolean {
    const wanted = this.#context.attributes.opcode;
    if (wanted !== 'any' && wanted !== messageName(piece.frame)) return false;
    return isDue(this.#context) && this.#act(piece);
  }
}

/** What a toxic reports when it acts on a frame. */
export const frameFact = (reason: string, stream: Stream, delivered: boolean, piece: PlacedPiece) => ({
  reason,
  stream,
  delivered,
  bytes: piece.frame.headerBytes + piece.frame.length,
  offset: piece.offset,
});
