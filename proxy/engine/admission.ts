/**
 * How a client is taken in: it is refused, left without an answer, or served. Serving takes its TLS off where the proxy
 * does that, and dials the upstream.
 */
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import type { Quirks } from '../core/compatibility.ts';
import type { Standing } from '../core/connection-state.ts';
import type { Dial, Target } from '../core/dial.ts';
import type { ProxyEventFacts } from '../core/events.ts';
import { resetStream } from '../core/sockets.ts';
import { ClientHandshake } from '../tls/client-handshake.ts';
import type { Termination } from '../tls/termination.ts';
import type { Cause } from './ending.ts';
import { park } from './hold-client.ts';
import type { Toxic } from './toxic.ts';
import type { Ties } from './toxic-bindings.ts';

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
export interface AdmissionHost {
  readonly number: number;
  readonly standing: Standing;
  readonly ties: Ties;
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
  readonly #host: AdmissionHost;
  readonly #standing: Standing;
  #unpark: (() => void) | undefined;
  #handshake: ClientHandshake | undefined;

  constructor(socket: net.Socket, terms: AdmissionTerms, host: AdmissionHost) {
    this.#socket = socket;
    this.#terms = terms;
    this.#host = host;
    this.#standing = host.standing;
  }

  /** Decides by the toxics that apply now; one that was left without an answer may be served later. */
  admit(): void {
    const accept = this.#verdict();
    if (accept === 'refuse') this.#host.refuse();
    else if (accept === 'silence') this.#keepSilent();
    else this.#serve();
  }

  /** The connection is over. */
  ended(): void {
    this.#handshake?.ended();
  }

  /** What the first toxic wants that acts on accepting, and may strike. */
  #verdict(): 'refuse' | 'silence' | undefined {
    const { ties } = this.#host;
    for (const toxic of this.#terms.toxics) {
      const { accept } = toxic.type;
      if (!accept || !ties.applies(toxic)) continue;
      const reason = accept === 'refuse' ? 'connection reset at once' : 'accepted in silence';
      if (ties.strikeOnce(toxic, 'upstream', { reason, bytes: 0, delivered: false })) return accept;
    }
    return undefined;
  }

  #keepSilent(): void {
    this.#host.postponed();
    this.#unpark ??= park(this.#socket, (end) => {
      this.#socket.destroy();
      this.#host.finish({ end, by: 'client' });
    });
  }

  #serve(): void {
    this.#unpark?.();
    const termination = this.#terms.tls();
    if (termination) this.#shakeHands(termination);
    else this.#dial();
  }

  /** Takes the client's TLS off before anything is dialled. */
  #shakeHands(termination: Termination): void {
    this.#standing.state = 'handshaking';
    this.#host.postponed();
    const handshake = new ClientHandshake(this.#socket, termination, {
      clock: this.#terms.clock,
      connection: this.#host.number,
      emit: (facts) => this.#host.tell(facts),
      secured: (client) => {
        this.#standing.client = client;
        client.once('data', () => handshake.confirmed());
        this.#dial();
      },
      failed: (end) => {
        this.#socket.destroy();
        this.#host.finish({ end, by: 'client' });
      },
    });
    this.#handshake = handshake;
  }

  /** While the server is dialled. A socket that was not read before is not read by then, and its end is seen later. */
  #clientLeft(): void {
    if (this.#standing.state !== 'dialling') return;
    this.#standing.upstream?.destroy();
    this.#host.finish({ end: 'reset', by: 'client' });
  }

  #dial(): void {
    this.#standing.state = 'dialling';
    this.#standing.client.once('close', () => this.#clientLeft());
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
    this.#standing.upstream = upstream;
    upstream.on('error', (error) => this.#upstreamRefused(error));
    upstream.once(ready, () => {
      if (this.#standing.state === 'dialling') this.#host.connected(upstream);
    });
  }

  #upstreamRefused(error: unknown): void {
    if (this.#standing.state !== 'dialling') return;
    const { code } = error as { code?: unknown };
    this.#host.tell({ type: 'upstream-refused', code: typeof code === 'string' ? code : 'UNKNOWN' });
    const reset = code === 'ECONNRESET' && !this.#terms.quirks.resetArrivesAsFin;
    if (reset) resetStream(this.#standing.client);
    else this.#standing.client.destroy();
    this.#host.finish({ end: reset ? 'reset' : 'fin', by: 'upstream' });
  }
}
