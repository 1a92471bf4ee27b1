/** A connection, as the table of connections shows it. */
import type { ConnectionState } from './connection-state.ts';
import type { EndFacts, SideEnd, SkipFacts, StrikeCount, TlsFacts } from './connection-summary.ts';

/** `websocket` is HTTP whose client asked for the upgrade. */
export type Protocol = 'tls' | 'http' | 'http2' | 'websocket' | 'mysql' | 'unknown';

/** What moved on a connection. */
export interface ByteCounts {
  /** Bytes that came from the client, and how many of them were handed on to the server. */
  readonly receivedUp: number;
  readonly bytesUp: number;
  /** Bytes that came from the server, and how many of them were handed on to the client. */
  readonly receivedDown: number;
  readonly bytesDown: number;
}

/** One row of the table. */
export interface ConnectionFacts extends ByteCounts {
  /** 1, 2, 3 … for each proxy, in the order in which connections were accepted. */
  readonly connection: number;
  readonly state: ConnectionState;
  readonly clientAddress: string;
  readonly clientPort: number;
  /** The proxy's own port towards the server; undefined until connected, as the server's address and port are. */
  readonly localPort: number | undefined;
  readonly serverAddress: string | undefined;
  readonly serverPort: number | undefined;
  /** Epoch ms. */
  readonly openedAt: number;
  readonly ageMs: number;
  /** Since a byte last moved. */
  readonly idleMs: number;
  /** By the first bytes. */
  readonly protocol: Protocol;
  /** Of a connection that begins with a ClientHello. */
  readonly tls: TlsFacts | undefined;
  /** The toxics that apply to this connection. */
  readonly toxics: readonly string[];
  /** Those that have struck it. */
  readonly strikes: readonly StrikeCount[];
  /** Those that could not act on what it carries. */
  readonly skips: readonly SkipFacts[];
  /** When and how the client ended its side, and the server its own; undefined until it arrived at the proxy. */
  readonly clientEnd: SideEnd | undefined;
  readonly serverEnd: SideEnd | undefined;
  /** Of a connection that is over. */
  readonly end: EndFacts | undefined;
}
