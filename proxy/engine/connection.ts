/**
 * One connection through a proxy, from accept to close. It creates its parts and informs them of changes: admission
 * accepts the client and dials (`admission.ts`), two links carry the bytes through the toxics (`traffic.ts`), the ending
 * hands the end of one side to the other (`ending.ts`), and the recorder publishes events (`connection-recorder.ts`).
 *
 *     accept ─► Admission ─► Traffic ─► Ending ─► closed
 */
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import { sleepUntil } from '../core/clock.ts';
import type { ByteCounts, ConnectionFacts } from '../core/connection-facts.ts';
import { ConnectionSides } from '../core/connection-state.ts';
import type { Stream } from '../core/events.ts';
import type { Random } from '../core/random.ts';
import type { StrikeFact } from '../core/toxic-type.ts';
import { type ConnectionTap, tapConnection } from '../protocols/protocol-tap.ts';
import { Admission, type AdmissionTerms } from './admission.ts';
import { ConnectionRecorder, type ConnectionRecorderDeps } from './connection-recorder.ts';
import { type Cause, Ending } from './ending.ts';
import type { Toxic } from './toxic.ts';
import { isTimed, ToxicBindings } from './toxic-bindings.ts';
import { Traffic } from './traffic.ts';

/** What a connection needs of its proxy. */
export interface ConnectionDeps extends AdmissionTerms, ConnectionRecorderDeps {
  /** Whether connections are read to tell their protocol and TLS facts. */
  readonly taps: boolean;
  /** The proxy's stream of draws. */
  readonly random: Random;
  /** A toxic of that name failed on a connection, which is reset. */
  failed(connection: number, toxic: string, error: unknown): void;
  /** The connection no longer dials; it has succeeded or failed. */
  admitted(connection: Connection): void;
  /** The connection is over. */
  closed(connection: Connection): void;
}

/** Where a connection stands among those of its proxy. */
interface ConnectionPlace {
  readonly number: number;
  /** Counts the dialler's connections to the proxy as it is, for draws that come again when it is made again. */
  readonly turn: number;
  /** How many are open beside it. */
  readonly others: number;
  /** Who dialled; empty where all connections of the proxy are counted together. */
  readonly dialler: string;
}

export class Connection {
  readonly number: number;
  readonly #dialler: string;
  readonly #deps: ConnectionDeps;
  readonly #random: Random;
  readonly #sides: ConnectionSides;
  readonly #recorder: ConnectionRecorder;
  readonly #bindings: ToxicBindings;
  readonly #ending: Ending;
  readonly #admission: Admission;
  #traffic: Traffic | undefined;
  #tap: ConnectionTap | undefined;
  #nextChange: AbortController | undefined;

  constructor({ number, turn, others, dialler }: ConnectionPlace, client: net.Socket, deps: ConnectionDeps) {
    this.number = number;
    this.#dialler = dialler;
    this.#random = (dialler === '' ? deps.random : deps.random.fork(dialler)).fork(String(turn));
    this.#deps = deps;
    this.#sides = new ConnectionSides(client);
    this.#recorder = new ConnectionRecorder({ number, dialler }, client, deps);
    this.#bindings = this.#createToxicBindings(others);
    this.#ending = new Ending(this.#sides, {
      clock: deps.clock,
      quirks: deps.quirks,
      detach: () => this.#traffic?.detach(),
      sideEnded: (side, how) => this.#recorder.tell({ type: 'end', side, how }),
      finish: (cause) => this.#finish(cause),
    });
    this.#admission = this.#createAdmission(client);
  }

  /** Accepts the client: refuses it, leaves it without an answer, or dials the server. */
  accept(): void {
    this.#sides.client.on('error', () => {});
    this.#recorder.accepted();
    for (const toxic of this.#deps.toxics) this.#bindings.expose(toxic, toxic.countConnection(this.#dialler));
    this.#admission.admit();
    this.#awaitNextChange();
  }

  /** Toxics were added, removed or changed; `deleted` are gone for good. */
  reconcile(deleted: ReadonlySet<Toxic> = new Set()): void {
    if (this.#recorder.postpones(() => this.reconcile(deleted))) return;
    for (const toxic of this.#deps.toxics) this.#bindings.expose(toxic, 0);
    if (this.#sides.state === 'silent') this.#admission.admit();
    else if (this.#sides.state === 'open') this.#traffic?.rearrange(deleted);
    for (const toxic of deleted) this.#bindings.forget(toxic);
    this.#awaitNextChange();
  }

  /** One toxic was added behind the others; costs the same however many there are. */
  append(toxic: Toxic): void {
    if (this.#recorder.postpones(() => this.reconcile())) return;
    this.#bindings.expose(toxic, 0);
    if (this.#sides.state === 'silent') this.#admission.admit();
    else if (this.#sides.state === 'open') this.#traffic?.append(toxic);
    if (isTimed(toxic)) this.#awaitNextChange();
  }

  /** One toxic is gone for good. */
  remove(toxic: Toxic): void {
    if (this.#recorder.postpones(() => this.reconcile(new Set([toxic])))) return;
    if (this.#sides.state === 'silent') this.#admission.admit();
    else if (this.#sides.state === 'open') this.#traffic?.remove(toxic);
    this.#bindings.forget(toxic);
    if (isTimed(toxic)) this.#awaitNextChange();
  }

  /** The values of a toxic changed. */
  update(toxic: Toxic): void {
    if (this.#recorder.postpones(() => this.update(toxic))) return;
    if (this.#deps.quirks.drawsAnew) this.#bindings.drawAnew(toxic);
    this.reconcile();
    this.#traffic?.update(toxic);
  }

  /** Ends both sides at once; what is under way is dropped. */
  stop(): void {
    if (this.#recorder.postpones(() => this.stop())) return;
    this.#ending.stop();
  }

  facts(): ConnectionFacts {
    return this.#recorder.facts({
      state: this.#sides.state,
      ...this.#bytes(),
      toxics: this.#deps.toxics.filter((toxic) => this.#bindings.applies(toxic)).map(({ name }) => name),
      protocol: this.#tap?.protocol ?? 'unknown',
    });
  }

  #createToxicBindings(others: number): ToxicBindings {
    const { quirks, clock } = this.#deps;
    return new ToxicBindings({
      number: this.number,
      client: this.#recorder.clientAddress,
      dialler: this.#dialler,
      others,
      random: this.#random,
      quirks,
      now: () => clock.now(),
      lastActivityAt: () => this.#recorder.lastActivityAt,
      bytesIn: () => {
        const { receivedUp, receivedDown } = this.#bytes();
        return { upstream: receivedUp, downstream: receivedDown };
      },
      struck: (toxic, stream, fact, first) => this.#struck(toxic, stream, fact, first),
      skipped: ({ name, type, counts }, reason) => {
        counts.skip();
        this.#recorder.tell({ type: 'skip', toxic: name, toxicType: type.type, reason });
      },
    });
  }

  #createAdmission(client: net.Socket): Admission {
    return new Admission(client, this.#deps, {
      number: this.number,
      sides: this.#sides,
      bindings: this.#bindings,
      tell: (facts) => this.#recorder.tell(facts),
      postponed: () => this.#deps.admitted(this),
      refuse: () => this.#ending.close('reset'),
      connected: (upstream) => this.#open(upstream),
      finish: (cause) => this.#finish(cause),
    });
  }

  /** Toxics that begin or end by time do so on the clock. */
  #awaitNextChange(): void {
    this.#nextChange?.abort();
    this.#nextChange = undefined;
    const at = this.#bindings.nextChangeAt();
    if (at === Number.POSITIVE_INFINITY || this.#sides.state === 'closed') return;
    const waiting = new AbortController();
    this.#nextChange = waiting;
    sleepUntil(this.#deps.clock, at, waiting.signal).then(
      () => this.reconcile(),
      () => {},
    );
  }

  #open(upstream: Duplex): void {
    this.#sides.state = 'open';
    this.#recorder.connected(upstream);
    const traffic = this.#createTraffic(upstream);
    this.#traffic = traffic;
    const { taps, clock, quirks, toxics } = this.#deps;
    if (taps) this.#tap = tapConnection(traffic, clock, (facts) => this.#recorder.tell(facts));
    this.#ending.watch(this.#sides.client, upstream, traffic);
    this.#ending.lingers = quirks.resetsByLinger && toxics.some(({ type }) => type.lingers);
    traffic.arrange();
    traffic.start();
    this.#deps.admitted(this);
  }

  #createTraffic(upstream: Duplex): Traffic {
    const { clock, quirks, toxics } = this.#deps;
    return new Traffic(this.#sides.client, upstream, {
      clock,
      quirks,
      toxics,
      bindings: this.#bindings,
      sides: this.#sides,
      recorder: this.#recorder,
      ending: this.#ending,
      failed: (toxic, error) => this.#failed(toxic, error),
    });
  }

  /** Nothing else of the proxy is to feel it. */
  #failed(toxic: string, error: unknown): void {
    this.#deps.failed(this.number, toxic, error);
    this.#ending.fail(`${toxic}: ${error instanceof Error ? error.message : error}`);
  }

  #struck(toxic: Toxic, stream: Stream, fact: StrikeFact, first: boolean): void {
    const { name, type } = toxic;
    const offset = this.#traffic?.[stream].offsetOf(toxic) ?? 0;
    const { client, upstream } = this.#sides;
    const target = stream === 'upstream' ? (upstream ?? client) : client;
    const reached = !target.destroyed;
    toxic.counts.strike({ at: this.#deps.clock.now(), reached, first });
    this.#recorder.tell({
      type: 'strike',
      toxic: name,
      toxicType: type.type,
      offset,
      reached,
      ...fact,
      stream,
    });
  }

  #bytes(): ByteCounts {
    const { upstream, downstream } = this.#traffic ?? {};
    return {
      receivedUp: upstream?.bytesIn ?? 0,
      bytesUp: upstream?.bytesOut ?? 0,
      receivedDown: downstream?.bytesIn ?? 0,
      bytesDown: downstream?.bytesOut ?? 0,
    };
  }

  #finish(cause: Cause): void {
    if (this.#sides.state === 'closed') return;
    this.#sides.state = 'closed';
    this.#nextChange?.abort();
    this.#traffic?.detach();
    this.#tap?.ended();
    this.#admission.ended();
    this.#recorder.closed(this.#bytes(), cause);
    this.#deps.admitted(this);
    this.#deps.closed(this);
  }
}
