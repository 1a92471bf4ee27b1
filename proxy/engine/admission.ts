/**
 * How a client is taken in: it is refused, left without an answer, or served. Serving takes its TLS off where the proxy
 * does that, and dials the upstream.
 */
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import type { Quirks } from '../core/compatibility.ts';
import type { ConnectionSides } from '../core/connection-state.ts';
import type { Dial, Target } from '../core/dial.ts';
import type { ConnectionEnd, EndedBy, ProxyEventFacts } from '../core/events.ts';
import { closeOnceGone, resetStream } from '../core/sockets.ts';
import { ClientHandshake } from '../tls/client-handshake.ts';
import type { Termination } from '../tls/termination.ts';
import type { Cause } from './ending.ts';
import { holdClient } from './hold-client.ts';
import type { Toxic } from './toxic.ts';
import type { ToxicBindings } from './toxic-bindings.ts';

/** What the proxy decides about taking a client in. */
export interface AdmissionTerms {
  readonly clock: Clock;
  readonly dial: Dial;
  readonly quirks: Quirks;
  /** In the order they were added. */
  readonly toxics: readonly Toxic[];
  /** Where the proxy leads; throws when its text is no address. */
  target(): Target;
  /** How TLS is taken off at the proxy; undefined where it passes as it is. */
  tls(): Termination | undefined;
}

/** What admission needs of its connection. */
export interface AdmissionDeps {
  readonly number: number;
  readonly sides: ConnectionSides;
  readonly bindings: ToxicBindings;
  tell(facts: ProxyEventFacts): void;
  /** Nothing is dialled for the client, at least not yet. */
  postponed(): void;
  /** A toxic wants no connection. */
  refuse(): void;
  /** The upstream is there. */
  connected(upstream: Duplex): void;
  finish(cause: Cause): void;
}

export class Admission {
  readonly #socket: net.Socket;
  readonly #terms: AdmissionTerms;
  readonly #deps: AdmissionDeps;
  readonly #sides: ConnectionSides;
  #release: (() => void) | undefined;
  #handshake: ClientHandshake | undefined;
  /** The client said FIN while it was left without an answer. */
  #gaveUp = false;

  constructor(socket: net.Socket, terms: AdmissionTerms, deps: AdmissionDeps) {
    this.#socket = socket;
    this.#terms = terms;
    this.#deps = deps;
    this.#sides = deps.sides;
  }

  /** Decides by the toxics that apply now; one that was left without an answer may be served later. */
  admit(): void {
    const accept = this.#verdict();
    if (accept === 'refuse') this.#deps.refuse();
    else if (accept === 'silence') this.#keepSilent();
    else this.#serve();
  }

  /** The connection is over. */
  ended(): void {
    this.#handshake?.ended();
  }

  /** What the first toxic wants that acts on accepting, and may strike. */
  #verdict(): 'refuse' | 'silence' | undefined {
    const { bindings } = this.#deps;
    for (const toxic of this.#terms.toxics) {
      const { accept } = toxic.type;
      if (!accept || !bindings.applies(toxic)) continue;
      const reason = accept === 'refuse' ? 'connection reset at once' : 'accepted in silence';
      if (bindings.strikeOnce(toxic, 'upstream', { reason, bytes: 0, delivered: false })) return accept;
    }
    return undefined;
  }

  #keepSilent(): void {
    this.#deps.postponed();
    this.#release ??= holdClient(this.#socket, (end) => {
      if (end === 'fin') this.#giveUp();
      else if (!this.#gaveUp) this.#breakOff();
    });
  }

  /** Its FIN gets no answer either. */
  #giveUp(): void {
    this.#gaveUp = true;
    this.#deps.tell({ type: 'end', side: 'client', how: 'fin' });
    this.#socket.once('close', () => this.#clientEnded('fin'));
    void closeOnceGone(this.#socket, this.#terms.clock);
  }

  #breakOff(): void {
    this.#deps.tell({ type: 'end', side: 'client', how: 'reset' });
    this.#clientEnded('reset');
  }

  #clientEnded(end: ConnectionEnd, by: EndedBy = 'client'): void {
    this.#socket.destroy();
    this.#deps.finish({ end, by });
  }

  #serve(): void {
    if (this.#gaveUp) this.#clientEnded('fin');
    else this.#goOn();
  }

  #goOn(): void {
    this.#release?.();
    const termination = this.#terms.tls();
    if (termination) this.#shakeHands(termination);
    else this.#dial();
  }

  /** Takes the client's TLS off before anything is dialled. */
  #shakeHands(termination: Termination): void {
    this.#sides.state = 'handshaking';
    this.#deps.postponed();
    const handshake = new ClientHandshake(this.#socket, termination, {
      clock: this.#terms.clock,
      connection: this.#deps.number,
      emit: (facts) => this.#deps.tell(facts),
      secured: (client) => {
        this.#sides.client = client;
        client.once('data', () => handshake.confirmed());
        this.#dial();
      },
      failed: (end, by) => this.#clientEnded(end, by),
    });
    this.#handshake = handshake;
  }

  /** While the server is dialled. A socket that was not read before is not read by then, and its end is seen later. */
  #clientLeft(): void {
    if (this.#sides.state !== 'dialling') return;
    this.#sides.upstream?.destroy();
    this.#deps.finish({ end: 'reset', by: 'client' });
  }

  #dial(): void {
    this.#sides.state = 'dialling';
    this.#sides.client.once('close', () => this.#clientLeft());
    let upstream: Duplex;
    let ready: 'connect' | 'secureConnect';
    try {
      const target = this.#terms.target();
      const plain = this.#terms.dial(target);
      upstream = this.#handshake?.secureUpstream(plain, target) ?? plain;
      ready = upstream === plain ? 'connect' : 'secureConnect';
    } catch (error) {
      this.#upstreamRefused(error);
      return;
    }
    this.#sides.upstream = upstream;
    upstream.on('error', (error) => this.#upstreamRefused(error));
    upstream.once(ready, () => {
      if (this.#sides.state === 'dialling') this.#deps.connected(upstream);
    });
  }

  #upstreamRefused(error: unknown): void {
    if (this.#sides.state !== 'dialling') return;
    const { code } = error as { code?: unknown };
    this.#deps.tell({ type: 'upstream-refused', code: typeof code === 'string' ? code : 'UNKNOWN' });
    const reset = code === 'ECONNRESET' && !this.#terms.quirks.resetArrivesAsFin;
    if (reset) resetStream(this.#sides.client);
    else this.#sides.client.destroy();
    this.#deps.finish({ end: reset ? 'reset' : 'fin', by: 'upstream' });
  }
}
