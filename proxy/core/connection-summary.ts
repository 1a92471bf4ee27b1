/** What one connection's events add up to: its TLS handshake, the strikes against it, and its end. */
import type {
  ClientHelloFacts,
  ConnectionEnd,
  EndedBy,
  ProxyEventFacts,
  TlsHandshakeFacts,
} from './events.ts';

/** What the ClientHello said, and once the handshake is over, what became of it. */
export type TlsFacts = ClientHelloFacts & Partial<TlsHandshakeFacts>;

/** The strikes of one toxic against one connection. */
export interface StrikeCount {
  readonly toxic: string;
  readonly toxicType: string;
  readonly count: number;
  /** How many of them met a peer that was still there. */
  readonly reached: number;
  /** Epoch ms. */
  readonly lastAt: number;
}

/** A toxic that could not act on a connection. */
export interface SkipFacts {
  readonly toxic: string;
  readonly toxicType: string;
  readonly reason: string;
  /** Epoch ms. */
  readonly at: number;
}

/** How and when one side of a connection ended. */
export interface SideEnd {
  readonly how: 'fin' | 'reset';
  /** Epoch ms. */
  readonly at: number;
}

/** How and when a connection ended. */
export interface EndFacts {
  readonly how: ConnectionEnd;
  readonly by: EndedBy;
  /** What a toxic failed at, where it threw. */
  readonly error?: string;
  /** Epoch ms. */
  readonly at: number;
}

export class ConnectionSummary {
  #tls: TlsFacts | undefined;
  #end: EndFacts | undefined;
  readonly #sideEnds: { client?: SideEnd; upstream?: SideEnd } = {};
  readonly #strikes = new Map<string, StrikeCount>();
  readonly #skips: SkipFacts[] = [];

  /** Takes in an event of the connection; `at` is epoch ms. */
  add(event: ProxyEventFacts, at: number): void {
    if (event.type === 'strike') this.#addStrike(event, at);
    else if (event.type === 'end') this.#sideEnds[event.side] = { how: event.how, at };
    else if (event.type === 'skip') {
      const { toxic, toxicType, reason } = event;
      this.#skips.push({ toxic, toxicType, reason, at });
    } else if (event.type === 'close') {
      const { end: how, by, error } = event;
      this.#end = error === undefined ? { how, by, at } : { how, by, error, at };
    } else if (event.type === 'client-hello' || event.type === 'tls-handshake') {
      const { type: _, ...facts } = event;
      this.#tls = { ...this.#tls, ...facts } as TlsFacts;
    }
  }

  facts(): {
    readonly tls: TlsFacts | undefined;
    readonly strikes: readonly StrikeCount[];
    readonly skips: readonly SkipFacts[];
    readonly clientEnd: SideEnd | undefined;
    readonly serverEnd: SideEnd | undefined;
    readonly end: EndFacts | undefined;
  } {
    return {
      tls: this.#tls,
      strikes: [...this.#strikes.values()],
      skips: this.#skips,
      clientEnd: this.#sideEnds.client,
      serverEnd: this.#sideEnds.upstream,
      end: this.#end,
    };
  }

  #addStrike(
    { toxic, toxicType, reached }: Extract<ProxyEventFacts, { type: 'strike' }>,
    lastAt: number,
  ): void {
    const before = this.#strikes.get(toxic) ?? { count: 0, reached: 0 };
    this.#strikes.set(toxic, {
      toxic,
      toxicType,
      count: before.count + 1,
      reached: before.reached + (reached ? 1 : 0),
      lastAt,
    });
  }
}
