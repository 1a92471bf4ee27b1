/**
 * When a toxic acts once on a WebSocket: `after_ms` milliseconds after the upgrade, or after the last of `after_frames`
 * frames of an `opcode` that pass in its direction. Where a frame is under way then, it is completed first.
 */

import { choice, duration, integer } from '../../core/attributes.ts';
import type { Stream } from '../../core/events.ts';
import { type Step, until } from '../../core/steps.ts';
import type { Behaviour, ToxicContext } from '../../core/toxic-type.ts';
import type { Frame } from '../../protocols/websocket-frames.ts';
import { actsOn, byFrame, messageName, type PlacedPiece } from './websocket-frames.ts';

export const momentAttributes = {
  after_frames: integer({ min: 0 }),
  after_ms: duration({ min: 0 }),
  /** Which frames count. */
  opcode: choice(['any', 'text', 'binary', 'ping', 'pong', 'close']),
};

interface MomentValues {
  readonly after_frames: number;
  readonly after_ms: number;
  readonly opcode: string;
}

/** What a toxic does at its moment. */
interface Effect {
  /** Called once for each direction of the toxic; `offset` is the number of its bytes so far. */
  act(stream: Stream, offset: number): Iterable<Step>;
  /** What is sent in place of bytes of a frame, before and after the moment, in each direction. */
  piece(piece: PlacedPiece, stream: Stream): Iterable<Step>;
  /** What is sent in place of a sender's FIN. */
  end?(): Iterable<Step>;
  /** What is sent in place of a sender's RST. */
  reset?(): Iterable<Step>;
  lifted?(): Iterable<Step>;
}

/** The behaviours that have that effect. */
export function atMoment(
  context: ToxicContext<MomentValues>,
  effect: Effect,
): Readonly<Record<Stream, Behaviour>> {
  return byFrame(context, (side) => {
    const { stream, reader } = side;
    const moment = new Moment(context);
    let waiting = actsOn(context, stream);

    function* actIfDue(): Generator<Step> {
      if (!waiting || !reader.open) return;
      moment.opened();
      if (!moment.due) return;
      waiting = false;
      yield* effect.act(stream, side.offset);
    }
    return {
      opened: actIfDue,
      *piece(piece) {
        if (piece.begins) yield* actIfDue();
        yield* effect.piece(piece, stream);
        if (!piece.ends) return;
        moment.passed(piece.frame);
        yield* actIfDue();
      },
      *idle() {
        yield* actIfDue();
        if (!waiting || !reader.open || !reader.betweenFrames(stream)) return;
        yield* moment.wait();
        yield* actIfDue();
      },
      ...(effect.end && { end: effect.end }),
      ...(effect.reset && { reset: effect.reset }),
      *lifted() {
        yield* effect.lifted?.() ?? [];
      },
    };
  });
}

/** Counts towards the moment in one direction of one connection. */
class Moment {
  readonly #context: ToxicContext<MomentValues>;
  #frames = 0;
  /** When the upgrade, or the frame that is waited for, was complete. */
  #since = Number.POSITIVE_INFINITY;

  constructor(context: ToxicContext<MomentValues>) {
    this.#context = context;
  }

  get due(): boolean {
    return this.#context.now() >= this.#dueAt;
  }

  /** The WebSocket is open; calling it again changes nothing. */
  opened(): void {
    this.#since = Math.min(this.#since, this.#context.now());
  }

  /** A frame has passed. */
  passed(frame: Frame): void {
    const { opcode, after_frames } = this.#context.attributes;
    if (opcode !== 'any' && opcode !== messageName(frame)) return;
    this.#frames += 1;
    if (this.#frames === after_frames) this.#since = this.#context.now();
  }

  /** Waits for it; for good when a frame has to come first. */
  *wait(): Generator<Step> {
    while (!this.due) yield until(this.#dueAt);
  }

  get #dueAt(): number {
    const { after_frames, after_ms } = this.#context.attributes;
    return this.#frames < after_frames ? Number.POSITIVE_INFINITY : this.#since + after_ms;
  }
}
