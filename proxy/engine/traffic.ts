/** The two links of an open connection, and the toxics in force on them. */
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import type { Quirks } from '../core/compatibility.ts';
import type { Side, Standing } from '../core/connection-state.ts';
import type { Stream } from '../core/events.ts';
import { resetStream } from '../core/sockets.ts';
import type { Reply, Step } from '../core/steps.ts';
import type { Chronicle } from './connection-recorder.ts';
import type { Ending } from './ending.ts';
import { Link, type LinkHost, type ToxicInForce } from './link.ts';
import type { Toxic } from './toxic.ts';
import type { Behaviours, Ties } from './toxic-bindings.ts';

/** What the traffic needs of its connection. */
export interface TrafficHost {
  readonly clock: Clock;
  readonly quirks: Quirks;
  /** Those of the proxy, in the order they were added. */
  readonly toxics: readonly Toxic[];
  readonly ties: Ties;
  readonly standing: Standing;
  readonly chronicle: Chronicle;
  readonly ending: Ending;
}

export class Traffic {
  readonly upstream: Link;
  readonly downstream: Link;
  readonly #host: TrafficHost;
  readonly #inForce = new Map<Toxic, Behaviours>();

  constructor(client: Duplex, upstream: Duplex, host: TrafficHost) {
    this.#host = host;
    this.upstream = new Link(client, upstream, new Direction('client', upstream, this, host));
    this.downstream = new Link(upstream, client, new Direction('upstream', client, this, host));
  }

  /** Puts those toxics in force that apply now. */
  arrange(deleted?: Toxic): void {
    const wanted = this.#host.toxics.filter((toxic) => this.#host.ties.applies(toxic));
    for (const toxic of this.#inForce.keys()) if (!wanted.includes(toxic)) this.#inForce.delete(toxic);
    for (const toxic of wanted)
      if (!this.#inForce.has(toxic)) this.#inForce.set(toxic, this.#host.ties.start(toxic));
    this.upstream.arrange(this.#chain(wanted, 'upstream'), deleted);
    this.downstream.arrange(this.#chain(wanted, 'downstream'), deleted);
  }

  /** The same after a change of the proxy's toxics; `deleted` is gone for good. */
  rearrange(deleted: Toxic | undefined): void {
    const unaware = deleted !== undefined && !this.#inForce.has(deleted);
    this.arrange(deleted);
    if (!unaware || !this.#host.quirks.liftsWhereInactive) return;
    for (const behaviour of Object.values(this.#host.ties.start(deleted)))
      for (const step of behaviour.lifted?.('deleted') ?? []) this.#host.ending.act(step);
  }

  /** The values of a toxic changed. */
  update(toxic: Toxic): void {
    this.upstream.update(toxic);
    this.downstream.update(toxic);
  }

  /** Begins to read. */
  start(): void {
    this.upstream.start();
    this.downstream.start();
  }

  /** Stops reading and drops what is under way. */
  detach(): void {
    this.upstream.detach();
    this.downstream.detach();
  }

  #chain(wanted: readonly Toxic[], stream: Stream): ToxicInForce[] {
    return wanted.flatMap((toxic) => {
      const behaviour = this.#inForce.get(toxic)?.[stream];
      return behaviour ? [{ toxic, behaviour }] : [];
    });
  }
}

/** What a link asks of the connection, told by the side it comes from. */
class Direction implements LinkHost {
  readonly clock: Clock;
  readonly #from: Side;
  readonly #target: Duplex;
  readonly #traffic: Traffic;
  readonly #standing: Standing;
  readonly #chronicle: Chronicle;
  readonly #ending: Ending;

  constructor(from: Side, target: Duplex, traffic: Traffic, host: TrafficHost) {
    this.clock = host.clock;
    this.#from = from;
    this.#target = target;
    this.#traffic = traffic;
    this.#standing = host.standing;
    this.#chronicle = host.chronicle;
    this.#ending = host.ending;
  }

  get closed(): boolean {
    return this.#standing.state !== 'open';
  }

  touched(at: number): void {
    this.#chronicle.lastActivityAt = at;
  }

  reply(toxic: Toxic, reply: Reply): void {
    this.#opposite.inject(toxic, reply);
  }

  wakeOther(toxic: Toxic): void {
    this.#opposite.restartIdle(toxic);
  }

  act(step: Step): void {
    this.#ending.act(step);
  }

  ended(): void {
    this.#ending.finArrived(this.#from);
  }

  endPassed(): void {
    this.#ending.finPassed(this.#target);
  }

  resetPassed(): void {
    resetStream(this.#target);
  }

  closePassed(how: 'fin' | 'reset'): void {
    this.#ending.close(how, this.#target);
  }

  get #opposite(): Link {
    return this.#from === 'client' ? this.#traffic.downstream : this.#traffic.upstream;
  }
}
