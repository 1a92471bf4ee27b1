/**
 * Where a connection stands: its state, and the streams to its two sides. The parts of a connection share it.
 *
 *     accepted ─► silent ─► handshaking ─► dialling ─► open ─► closing, forgotten ─► closed
 *
 * An open connection of which one side has ended is listed as `half-closed`, one of which both have as `closing`.
 */
import type { Duplex } from 'node:stream';

export type ConnectionState =
  | 'silent'
  | 'handshaking'
  | 'dialling'
  | 'open'
  | 'half-closed'
  | 'closing'
  | 'forgotten'
  | 'closed';

/** The two sides, by who is there. */
export type Side = 'client' | 'upstream';

export class ConnectionSides {
  state: ConnectionState = 'silent';
  /** The accepted socket, or what is inside its TLS. */
  client: Duplex;
  /** Undefined until it is dialled. */
  upstream: Duplex | undefined;

  constructor(client: Duplex) {
    this.client = client;
  }

  get streams(): Duplex[] {
    return this.upstream ? [this.client, this.upstream] : [this.client];
  }
}
