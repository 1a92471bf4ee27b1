/** The two links of an open connection, and the toxics in force on them. */
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import type { Quirks } from '../core/compatibility.ts';
import type { ConnectionSides, Side } from '../core/connection-state.ts';
import type { Stream } from '../core/events.ts';
import type { Reply, Step } from '../core/steps.ts';
import type { ConnectionRecorder } from './connection-recorder.ts';
import type { Ending } from './ending.ts';
import { Link, type LinkDeps, type ToxicInForce } from './link.ts';
import type { Toxic } from './toxic.ts';
import type { Behaviours, ToxicBindings } from './toxic-bindings.ts';

/** What the traffic needs of its connection. */
export interface TrafficDeps {
  readonly clock: Clock;
  readonly quirks: Quirks;
  /** Those of the proxy, in the order they were added. */
  readonly toxics: readonly Toxic[];
  readonly bindings: ToxicBindings;
  readonly sides: ConnectionSides;
  readonly recorder: ConnectionRecorder;
  readonly ending: Ending;
  /** Code of a toxic threw, or what reads the protocol: the connection is over. */
  failed(who: string, error: unknown): void;
}

export class Traffic {
  readonly upstream: Link;
  readonly downstream: Link;
  readonly #deps: TrafficDeps;
  readonly #inForce = new Map<Toxic, Behaviours>();

  constructor(client: Duplex, upstream: Duplex, deps: TrafficDeps) {
    this.#deps = deps;
    this.upstream = new Link(client, upstream, new Direction('client', upstream, this, deps));
    this.downstream = new Link(upstream, client, new Direction('upstream', client, this, deps));
  }

  /** Puts those toxics in force that apply now. */
  arrange(deleted: ReadonlySet<Toxic> = new Set()): void {
    const wanted = this.#deps.toxics.filter((toxic) => this.#deps.bindings.applies(toxic));
    const staying = new Set(wanted);
    for (const toxic of this.#inForce.keys()) if (!staying.has(toxic)) this.#inForce.delete(toxic);
    for (const toxic of wanted) if (!this.#inForce.has(toxic)) this.#inForce.set(toxic, this.#begin(toxic));
    this.upstream.arrange(this.#chain(wanted, 'upstream'), deleted);
    this.downstream.arrange(this.#chain(wanted, 'downstream'), deleted);
  }

  /** The same after a change of the proxy's toxics; `deleted` are gone for good. */
  rearrange(deleted: ReadonlySet<Toxic>): void {
    const unaware = [...deleted].filter((toxic) => !this.#inForce.has(toxic));
    this.arrange(deleted);
    for (const toxic of unaware) this.#liftInactive(toxic);
  }

  /** Puts a toxic that was added last in force where it applies. */
  append(toxic: Toxic): void {
    if (!this.#deps.bindings.applies(toxic)) return;
    const behaviours = this.#begin(toxic);
    this.#inForce.set(toxic, behaviours);
    const { upstream, downstream } = behaviours;
    if (upstream) this.upstream.append({ toxic, behaviour: upstream });
    if (downstream) this.downstream.append({ toxic, behaviour: downstream });
  }

  /** Takes out one that is gone for good. */
  remove(toxic: Toxic): void {
    if (this.#inForce.delete(toxic)) {
      this.upstream.remove(toxic);
      this.downstream.remove(toxic);
    } else this.#liftInactive(toxic);
  }

  #begin(toxic: Toxic): Behaviours {
    try {
      return this.#deps.bindings.start(toxic);
    } catch (error) {
      this.#deps.failed(toxic.name, error);
      return {};
    }
  }

  /** Toxiproxy lifts a toxic that is deleted where it did not apply, too. */
  #liftInactive(toxic: Toxic): void {
    if (!this.#deps.quirks.liftsWhereInactive) return;
    for (const behaviour of Object.values(this.#begin(toxic)))
      for (const step of behaviour.lifted?.('deleted') ?? []) this.#deps.ending.act(step);
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
class Direction implements LinkDeps {
  readonly clock: Clock;
  readonly #from: Side;
  readonly #target: Duplex;
  readonly #traffic: Traffic;
  readonly #sides: ConnectionSides;
  readonly #recorder: ConnectionRecorder;
  readonly #ending: Ending;
  readonly #failed: TrafficDeps['failed'];

  constructor(from: Side, target: Duplex, traffic: Traffic, deps: TrafficDeps) {
    this.clock = deps.clock;
    this.#from = from;
    this.#target = target;
    this.#traffic = traffic;
    this.#sides = deps.sides;
    this.#recorder = deps.recorder;
    this.#ending = deps.ending;
    this.#failed = deps.failed;
  }

  get closed(): boolean {
    return this.#sides.state !== 'open';
  }

  touched(at: number): void {
    this.#recorder.lastActivityAt = at;
  }

  takesReply(toxic: Toxic, reply: Reply): boolean {
    return this.#opposite.takesReply(toxic, reply);
  }

  roomForReplies(): void {
    this.#opposite.run();
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
    this.#ending.resetPassed(this.#target);
  }

  closePassed(how: 'fin' | 'reset'): void {
    this.#ending.close(how, this.#target);
  }

  failed({ name }: Toxic, error: unknown): void {
    this.#failed(name, error);
  }

  tapFailed(error: unknown): void {
    this.#failed('tap', error);
  }

  get #opposite(): Link {
    return this.#from === 'client' ? this.#traffic.downstream : this.#traffic.upstream;
  }
}
