/**
 * What the fault proxy tells about each connection, and of what is done to its proxies, as it happens. They are what
 * shows that a fault struck, on which connection, and what became of it; the lab writes them into its journal.
 */

/** The direction of bytes: `upstream` from client to server, `downstream` from server to client. */
export type Stream = 'upstream' | 'downstream';

/** How a connection ended: orderly, by a reset, or because it was stopped or forgotten without a word to the peers. */
export type ConnectionEnd = 'fin' | 'reset' | 'stopped';

/** Who ended it. */
export type EndedBy = 'client' | 'upstream' | 'toxic' | 'api';

/**
 * How far a TLS handshake came, by what was last seen arriving at the proxy. A resumed one has no certificate: what the
 * server sends in its place counts as that.
 */
export type TlsStage = 'none' | 'client_hello' | 'server_hello' | 'certificate' | 'finished';

/** What became of one TLS handshake; `version`, `cipher` and `resumed` are known once a ServerHello was seen. */
export interface TlsHandshakeFacts {
  readonly outcome: 'complete' | 'failed';
  /** `TLSv1.2`, `TLSv1.3`; undefined when no ServerHello was seen. */
  readonly version: string | undefined;
  /** The IANA number as text, such as `0x1301`. */
  readonly cipher: string | undefined;
  readonly resumed: boolean | undefined;
  /** The application protocol that was chosen; undefined in TLS 1.3 that passes, where the choice is encrypted. */
  readonly chosenAlpn: string | undefined;
  /** From the ClientHello's arrival to the outcome. */
  readonly durationMs: number;
  readonly lastStage: TlsStage;
  /**
   * Flights of the server that the client waited for before it could send data; one for TCP is not in it. Absent, as the
   * bytes are, where the proxy answers the handshake itself.
   */
  readonly roundTrips?: number;
  /** Bytes of the handshake's records from the client, and from the server; tickets of TLS 1.3 come after it. */
  readonly handshakeBytesUp?: number;
  readonly handshakeBytesDown?: number;
  /** The alert that was seen: its number in clear (`48`), or `encrypted`. */
  readonly alert?: string;
}

/** What a ClientHello says about its sender. */
export interface ClientHelloFacts {
  readonly serverName: string | undefined;
  readonly alpn: readonly string[];
  /** A session ticket (TLS 1.2) or a pre-shared key (TLS 1.3) is offered. */
  readonly offersResumption: boolean;
  readonly versions: readonly string[];
}

/** The part of an event that depends on its kind. */
export type ProxyEventFacts =
  | {
      readonly type: 'open';
      readonly clientAddress: string;
      readonly clientPort: number;
      /** Who dialled, where connections are counted for each dialler by itself. */
      readonly dialler?: string;
    }
  /** `localPort` is how the server knows the connection; 0 where the dial is no TCP. */
  | { readonly type: 'upstream-open'; readonly localPort: number }
  | { readonly type: 'upstream-refused'; readonly code: string }
  | ({ readonly type: 'client-hello' } & ClientHelloFacts)
  | ({ readonly type: 'tls-handshake' } & TlsHandshakeFacts)
  | {
      readonly type: 'strike';
      readonly toxic: string;
      readonly toxicType: string;
      readonly stream: Stream;
      /** What the toxic did, in a few words. */
      readonly reason: string;
      /** Bytes of the stream before those in hand. */
      readonly offset: number;
      /** The bytes in hand when it struck. */
      readonly bytes: number;
      /** Whether those bytes still reach the other end, late or in pieces. */
      readonly delivered: boolean;
      /**
       * Whether the receiver of those bytes was still connected, as far as the proxy knew. A strike on a connection
       * whose receiver has left has no effect.
       */
      readonly reached: boolean;
    }
  /** A toxic applies to the connection and cannot act on what it carries; told once for each toxic. */
  | {
      readonly type: 'skip';
      readonly toxic: string;
      readonly toxicType: string;
      /** What the toxic found in place of what it reads, in a few words. */
      readonly reason: string;
    }
  /** A side's own FIN or RST arrived; what the proxy did to a side is none. */
  | { readonly type: 'end'; readonly side: 'client' | 'upstream'; readonly how: 'fin' | 'reset' }
  | {
      readonly type: 'close';
      /** Bytes that came from the client, and how many of them were handed on to the server. */
      readonly receivedUp: number;
      readonly bytesUp: number;
      /** Bytes that came from the server, and how many of them were handed on to the client. */
      readonly receivedDown: number;
      readonly bytesDown: number;
      readonly end: ConnectionEnd;
      readonly by: EndedBy;
      /** What a toxic failed at, by its name and in the words of the error that it threw; such a connection is reset. */
      readonly error?: string;
      readonly ageMs: number;
    };

/** One thing that happened on one connection. */
export type ConnectionEvent = ProxyEventFacts & {
  /** Epoch milliseconds, from the proxy's clock. */
  readonly at: number;
  readonly proxy: string;
  /** 1, 2, 3 … for each proxy, in the order in which connections were accepted. */
  readonly connection: number;
};

/** What was done to a proxy, through the API or otherwise. */
export type ControlEventFacts =
  | {
      readonly type: 'proxy-started';
      readonly listen: string;
      readonly upstream: string;
      /** The names of those that are in force from its first connection. */
      readonly toxics: readonly string[];
    }
  | { readonly type: 'proxy-stopped' }
  | {
      readonly type: 'toxic-added' | 'toxic-updated' | 'toxic-removed';
      readonly toxic: string;
      readonly toxicType: string;
    };

/** One thing that was done to a proxy. */
export type ControlEvent = ControlEventFacts & {
  /** Epoch milliseconds, from the proxy's clock. */
  readonly at: number;
  readonly proxy: string;
  readonly connection?: undefined;
};

/** One thing that happened. */
export type ProxyEvent = ConnectionEvent | ControlEvent;
