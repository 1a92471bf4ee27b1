/**
 * How a connection ends. The end of one side reaches the other as it came, FIN as FIN and RST as RST; a toxic may end
 * both sides, or abandon them silently. The `close` event reports the first cause.
 */
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import type { Quirks } from '../core/compatibility.ts';
import type { ConnectionSides, Side } from '../core/connection-state.ts';
import type { ConnectionEnd, EndedBy, Stream } from '../core/events.ts';
import {
  closeOnceGone,
  finishStream,
  forgetStreams,
  resetBehindBytes,
  resetStream,
  resetWhenWritten,
} from '../core/sockets.ts';
import type { Step } from '../core/steps.ts';
import type { Link } from './link.ts';

/** Why a connection is over. */
export interface Cause {
  readonly end: ConnectionEnd;
  readonly by: EndedBy;
  /** What failed in the proxy, where that is why. */
  readonly error?: string;
}

/** What the ending needs of its connection. */
export interface EndingDeps {
  readonly clock: Clock;
  readonly quirks: Quirks;
  /** Nothing passes any more, and what is under way is dropped. */
  detach(): void;
  /** A side's own end arrived. */
  sideEnded(side: Side, how: 'fin' | 'reset'): void;
  /** All is over. */
  finish(cause: Cause): void;
}

export class Ending {
  /** Every end goes out as a RST. */
  lingers = false;
  readonly #sides: ConnectionSides;
  readonly #deps: EndingDeps;
  #cause: Cause | undefined;
  /** Sides that got the other's RST. */
  readonly #resetHere = new Set<Duplex>();
  /** What counts the bytes that come from a side. */
  readonly #links = new Map<Duplex, Link>();
  /** The side that waits for an end that it does not get. */
  #orphan: Duplex | undefined;

  constructor(sides: ConnectionSides, deps: EndingDeps) {
    this.#sides = sides;
    this.#deps = deps;
  }

  /** Looks after both sides of a connection that is open now. */
  watch(client: Duplex, upstream: Duplex, links: Readonly<Record<Stream, Link>>): void {
    this.#links.set(client, links.upstream).set(upstream, links.downstream);
    this.#watchSide(client, links.upstream, 'client');
    this.#watchSide(upstream, links.downstream, 'upstream');
  }

  /** A side's FIN arrived. */
  finArrived(from: Side): void {
    this.#blame({ end: 'fin', by: from });
  }

  /** A side's FIN came out at the far end of its link. */
  finPassed(target: Duplex): void {
    if (this.#deps.quirks.finClosesBoth) this.#closeStream(target);
    else target.end();
  }

  /** A side's RST came out at the far end of its link. */
  resetPassed(target: Duplex): void {
    this.#resetHere.add(target);
    resetStream(target);
  }

  /** Carries out a step of a toxic that ends the connection. */
  act(step: Step): void {
    if (step.kind === 'close') this.close(step.how);
    else if (step.kind === 'forget') this.#forget(step);
  }

  /** On behalf of a toxic; what was written to `last` leaves before its RST. */
  close(how: 'fin' | 'reset', last?: Duplex): void {
    this.#cause = { end: how, by: 'toxic' };
    this.#sides.state = 'closing';
    this.#deps.detach();
    for (const stream of this.#sides.streams) {
      if (how === 'fin') this.#closeStream(stream);
      else if (stream === last) resetBehindBytes(stream, this.#deps.clock);
      else resetStream(stream);
    }
    if (how === 'reset' && !last) this.#deps.finish(this.#cause);
  }

  /** The proxy cannot go on with it: both sides get a RST. */
  fail(error: string): void {
    if (this.#sides.state === 'closed') return;
    this.#cause = { end: 'reset', by: 'toxic', error };
    this.#sides.state = 'closing';
    this.#deps.detach();
    for (const stream of this.#sides.streams) resetStream(stream);
    this.#deps.finish(this.#cause);
  }

  /** Ends both sides at once; what is under way is dropped. */
  stop(): void {
    for (const stream of this.#sides.streams) {
      if (this.lingers) resetStream(stream);
      else stream.destroy();
    }
    this.#deps.finish({ end: 'stopped', by: 'api' });
  }

  /** A socket that breaks hands its RST to the other end; when both are closed, all is over. */
  #watchSide(stream: Duplex, link: Link, side: Side): void {
    let broken = false;
    const onBroken = (): void => {
      if (broken) return;
      const { state } = this.#sides;
      broken = state === 'open' || (state === 'forgotten' && wasReset(stream));
      if (broken && state === 'open') this.#broke(stream, link, side);
      // It is told, and means nothing to the other side.
      else if (broken) this.#deps.sideEnded(side, 'reset');
    };
    stream.on('error', onBroken);
    if (stream.readableEnded) this.#deps.sideEnded(side, 'fin');
    stream.once('end', () => {
      if (this.#sides.state === 'open' || this.#sides.state === 'forgotten')
        this.#deps.sideEnded(side, 'fin');
      this.#watchOrphans();
    });
    stream.once('close', () => {
      if (!stream.readableEnded) onBroken();
      this.#watchOrphans();
      this.#finishIfClosed(side);
    });
  }

  #broke(stream: Duplex, link: Link, side: Side): void {
    const { finClosesBoth, resetArrivesAsFin } = this.#deps.quirks;
    const closedHere = finClosesBoth && !stream.errored;
    const resetHere = this.#resetHere.has(stream);
    if (!closedHere && !resetHere && stream !== this.#orphan) this.#deps.sideEnded(side, 'reset');
    if (!closedHere && stream !== this.#orphan) this.#blame({ end: 'reset', by: side });
    link.sourceGone(resetArrivesAsFin ? 'end' : 'reset');
  }

  #finishIfClosed(side: Side): void {
    const { state, streams } = this.#sides;
    const open = state === 'open' || state === 'closing';
    if (!open || !streams.every(({ destroyed }) => destroyed)) return;
    this.#deps.finish(this.#cause ?? { end: 'fin', by: side });
  }

  /** A side that ended while the other is gone gets no answer as long as a toxic keeps that from it. */
  #watchOrphans(): void {
    const { client, upstream, state } = this.#sides;
    if (!upstream || state !== 'open') return;
    const isOrphan = (stream: Duplex, opposite: Duplex): boolean =>
      stream.readableEnded && !stream.writableEnded && !stream.destroyed && opposite.destroyed;
    const orphan = [client, upstream].find((side) => isOrphan(side, side === client ? upstream : client));
    if (!orphan || this.#orphan) return;
    this.#orphan = orphan;
    void closeOnceGone(orphan, this.#deps.clock);
  }

  /** A reset outweighs an orderly end that came before; otherwise the first cause stands. */
  #blame(cause: Cause): void {
    if (this.#cause === undefined || (this.#cause.end === 'fin' && cause.end !== 'fin')) this.#cause = cause;
  }

  /** Ends the side that is gone, if there is one, and lets go of the other without a word. */
  #forget({ answer, gone }: Extract<Step, { kind: 'forget' }>): void {
    const { client, upstream, streams } = this.#sides;
    this.#sides.state = 'forgotten';
    this.#deps.detach();
    const end = gone?.side === 'client' ? client : upstream;
    if (end && gone?.how === 'fin') finishStream(end);
    if (end && gone?.how === 'reset') resetStream(end);
    forgetStreams(streams, {
      answer,
      clock: this.#deps.clock,
      onBytes: (stream, bytes) => this.#links.get(stream)?.vanished(bytes),
      onGone: () => this.#deps.finish({ end: 'stopped', by: 'toxic' }),
    });
  }

  /** Closes both directions of one side after what was written to it. */
  #closeStream(stream: Duplex): void {
    if (this.lingers) resetWhenWritten(stream);
    else finishStream(stream);
  }
}

/** Whether a RST was the first end that came from the peer. */
function wasReset(stream: Duplex): boolean {
  const { code } = (stream.errored ?? {}) as NodeJS.ErrnoException;
  return code === 'ECONNRESET' && !stream.readableEnded;
}
