/**
 * One direction of a connection: segments leave in order and arrive in order. A hole keeps what is sent into it; once it is healed,
 * the sender's next retransmission brings it, as TCP does.
 */
import type { EventQueue } from '../time/event-queue.ts';

/** How the way between two endpoints is just now. */
export interface Way {
  /** Microseconds from one end to the other. */
  readonly latencyUs: number;
  /** Whether what is sent gets lost. */
  isHole(): boolean;
  /** Calls once it is healed. */
  onHealed(listener: () => void): void;
}

/** How long a sender waits before it sends again what was not acknowledged: Linux's TCP_RTO_MIN, ip-sysctl. */
const retransmitUs = 200_000;

/** What arrives at the other end. */
interface Arrival {
  readonly arrive: () => void;
  /** The system there takes it, and tells no program. */
  readonly isSilent: boolean;
}

export class Direction {
  readonly #queue: EventQueue;
  readonly #way: Way;
  readonly #held: Arrival[] = [];
  #lastArrivalUs = 0;
  #waits = false;

  constructor(queue: EventQueue, way: Way) {
    this.#queue = queue;
    this.#way = way;
  }

  /** Has `arrive` called at the other end, behind all that was sent before; `isSilent` where it tells no program of it. */
  send(arrive: () => void, isSilent = false): void {
    const arrival = { arrive, isSilent };
    if (this.#way.isHole() || this.#held.length > 0) {
      this.#held.push(arrival);
      this.#awaitHeal();
      return;
    }
    this.#deliver(arrival, this.#way.latencyUs);
  }

  #deliver({ arrive, isSilent }: Arrival, delayUs: number): void {
    const { nowUs } = this.#queue;
    this.#lastArrivalUs = Math.max(this.#lastArrivalUs, nowUs + delayUs);
    this.#queue.schedule(this.#lastArrivalUs - nowUs, arrive, isSilent);
  }

  #awaitHeal(): void {
    if (this.#waits) return;
    this.#waits = true;
    this.#way.onHealed(() => {
      this.#queue.schedule(retransmitUs, () => {
        this.#waits = false;
        if (this.#way.isHole()) return this.#awaitHeal();
        for (const arrival of this.#held.splice(0)) this.#deliver(arrival, this.#way.latencyUs);
      });
    });
  }
}
