/**
 * One connection through a proxy, from accept to close. It puts its parts together and tells them what changes: the
 * client is taken in (`admission.ts`), two links carry the bytes through the toxics (`traffic.ts`), what ends one side
 * is handed to the other (`ending.ts`), and all is told as it happens (`chronicle.ts`).
 *
 *     accept ─► Admission ─► Traffic ─► Ending ─► closed
 */
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import type { ByteCounts, ConnectionFacts } from '../core/connection-facts.ts';
import { Standing } from '../core/connection-state.ts';
import type { Stream } from '../core/events.ts';
import type { Random } from '../core/random.ts';
import type { StrikeFact } from '../core/toxic-type.ts';
import { type ConnectionTap, tapConnection } from '../protocols/protocol-tap.ts';
import { Admission, type AdmissionTerms } from './admission.ts';
import { LONGEST_SLEEP_MS } from './background.ts';
import { Chronicle, type ChronicleHost } from './connection-recorder.ts';
import { type Cause, Ending } from './ending.ts';
import type { Toxic } from './toxic.ts';
import { Ties } from './toxic-bindings.ts';
import { Traffic } from './traffic.ts';

/** What a connection needs of its proxy. */
export interface ConnectionHost extends AdmissionTerms, ChronicleHost {
  /** Whether connections are read to tell their protocol and TLS facts. */
  readonly taps: boolean;
  /** The proxy's stream of draws. */
  readonly random: Random;
  /** Nothing is dialled for it any more, whatever came of it. */
  admitted(connection: Connection): void;
  /** The connection is over. */
  closed(connection: Connection): void;
}

export class Connection {
  readonly number: number;
  readonly #host: ConnectionHost;
  readonly #standing: Standing;
  readonly #chronicle: Chronicle;
  readonly #ties: Ties;
  readonly #ending: Ending;
  readonly #admission: Admission;
  #traffic: Traffic | undefined;
  #tap: ConnectionTap | undefined;
  #nextChange: AbortController | undefined;

  constructor(number: number, client: net.Socket, host: ConnectionHost) {
    this.number = number;
    this.#host = host;
    this.#standing = new Standing(client);
    this.#chronicle = new Chronicle(number, client, host);
    this.#ties = this.#createTies();
    this.#ending = new Ending(this.#standing, {
      clock: host.clock,
      quirks: host.quirks,
      detach: () => this.#traffic?.detach(),
      finish: (cause) => this.#finish(cause),
    });
    this.#admission = this.#createAdmission(client);
  }

  /** Takes the client in: refuses it, leaves it without an answer, or dials for it. */
  accept(): void {
    this.#standing.client.on('error', () => {});
    this.#chronicle.accepted();
    for (const toxic of this.#host.toxics) this.#ties.expose(toxic, toxic.countConnection());
    this.#admission.admit();
    this.#awaitNextChange();
  }

  /** Toxics were added, removed or changed; `deleted` is gone for good. */
  reconcile(deleted?: Toxic): void {
    if (this.#chronicle.postpones(() => this.reconcile(deleted))) return;
    for (const toxic of this.#host.toxics) this.#ties.expose(toxic, 0);
    if (this.#standing.state === 'silent') this.#admission.admit();
    else if (this.#standing.state === 'open') this.#traffic?.rearrange(deleted);
    if (deleted) this.#ties.forget(deleted);
    this.#awaitNextChange();
  }

  /** The values of a toxic changed. */
  update(toxic: Toxic): void {
    if (this.#chronicle.postpones(() => this.update(toxic))) return;
    if (this.#host.quirks.drawsAnew) this.#ties.drawAnew(toxic);
    this.reconcile();
    this.#traffic?.update(toxic);
  }

  /** Ends both sides at once; what is under way is dropped. */
  stop(): void {
    if (this.#chronicle.postpones(() => this.stop())) return;
    this.#ending.stop();
  }

  facts(): ConnectionFacts {
    return this.#chronicle.facts({
      state: this.#standing.state,
      ...this.#bytes(),
      toxics: this.#host.toxics.filter((toxic) => this.#ties.applies(toxic)).map(({ name }) => name),
      protocol: this.#tap?.protocol ?? 'unknown',
    });
  }

  #createTies(): Ties {
    const { random, quirks, clock } = this.#host;
    return new Ties({
      number: this.number,
      random: random.fork(String(this.number)),
      quirks,
      now: () => clock.now(),
      lastActivityAt: () => this.#chronicle.lastActivityAt,
      bytesIn: () => {
        const { receivedUp, receivedDown } = this.#bytes();
        return { upstream: receivedUp, downstream: receivedDown };
      },
      struck: (toxic, stream, fact) => this.#struck(toxic, stream, fact),
    });
  }

  #createAdmission(client: net.Socket): Admission {
    return new Admission(client, this.#host, {
      number: this.number,
      standing: this.#standing,
      ties: this.#ties,
      tell: (facts) => this.#chronicle.tell(facts),
      postponed: () => this.#host.admitted(this),
      refuse: () => this.#ending.close('reset'),
      connected: (upstream) => this.#open(upstream),
      finish: (cause) => this.#finish(cause),
    });
  }

  /** Toxics that begin or end by time do so on the clock. */
  #awaitNextChange(): void {
    this.#nextChange?.abort();
    this.#nextChange = undefined;
    const at = this.#ties.nextChangeAt();
    if (at === Number.POSITIVE_INFINITY || this.#standing.state === 'closed') return;
    const waiting = new AbortController();
    this.#nextChange = waiting;
    const { clock } = this.#host;
    const again = (): void => {
      if (clock.now() >= at) this.reconcile();
      else this.#awaitNextChange();
    };
    clock
      .sleep(Math.min(Math.ceil(at - clock.now()), LONGEST_SLEEP_MS), waiting.signal)
      .then(again, () => {});
  }

  #open(upstream: Duplex): void {
    this.#standing.state = 'open';
    this.#chronicle.connected(upstream);
    const traffic = this.#createTraffic(upstream);
    this.#traffic = traffic;
    const { taps, clock, quirks, toxics } = this.#host;
    if (taps) this.#tap = tapConnection(traffic, clock, (facts) => this.#chronicle.tell(facts));
    this.#ending.watch(this.#standing.client, upstream, traffic);
    this.#ending.lingers = quirks.resetsByLinger && toxics.some(({ type }) => type.lingers);
    traffic.arrange();
    traffic.start();
    this.#host.admitted(this);
  }

  #createTraffic(upstream: Duplex): Traffic {
    const { clock, quirks, toxics } = this.#host;
    return new Traffic(this.#standing.client, upstream, {
      clock,
      quirks,
      toxics,
      ties: this.#ties,
      standing: this.#standing,
      chronicle: this.#chronicle,
      ending: this.#ending,
    });
  }

  #struck(toxic: Toxic, stream: Stream, fact: StrikeFact): void {
    const { name, type } = toxic;
    const offset = this.#traffic?.[stream].offsetOf(toxic) ?? 0;
    const { client, upstream } = this.#standing;
    const target = stream === 'upstream' ? (upstream ?? client) : client;
    const reached = !target.destroyed;
    this.#chronicle.tell({
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
    if (this.#standing.state === 'closed') return;
    this.#standing.state = 'closed';
    this.#nextChange?.abort();
    this.#traffic?.detach();
    this.#tap?.ended();
    this.#admission.ended();
    this.#chronicle.closed(this.#bytes(), cause);
    this.#host.admitted(this);
    this.#host.closed(this);
  }
}
