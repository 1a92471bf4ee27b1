/** Publishes one connection's events as they happen, and keeps its entry in the table of connections. */
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import type { ByteCounts, ConnectionFacts } from '../core/connection-facts.ts';
import { ConnectionSummary } from '../core/connection-summary.ts';
import type { ProxyEventFacts } from '../core/events.ts';
import type { Cause } from './ending.ts';

/** What the recorder needs of the proxy. */
export interface ConnectionRecorderDeps {
  readonly clock: Clock;
  emit(connection: number, facts: ProxyEventFacts): void;
}

/** What only the connection knows at the moment. */
type Present = ByteCounts & Pick<ConnectionFacts, 'state' | 'protocol' | 'toxics'>;

type ServerAddress = Pick<ConnectionFacts, 'localPort' | 'serverAddress' | 'serverPort'>;

/** Which connection it is, and whose. */
interface Whose {
  readonly number: number;
  readonly dialler: string;
}

export class ConnectionRecorder {
  /** When a byte last moved, epoch ms. */
  lastActivityAt: number;
  readonly #number: number;
  readonly #dialler: string;
  readonly #deps: ConnectionRecorderDeps;
  /** Addresses are kept, since a closed socket no longer knows. */
  /** Empty where there is none. */
  readonly clientAddress: string;
  readonly #clientPort: number;
  #server: ServerAddress = { localPort: undefined, serverAddress: undefined, serverPort: undefined };
  readonly #openedAt: number;
  readonly #summary = new ConnectionSummary();
  #telling = false;

  constructor({ number, dialler }: Whose, client: net.Socket, deps: ConnectionRecorderDeps) {
    this.#number = number;
    this.#dialler = dialler;
    this.#deps = deps;
    this.clientAddress = client.remoteAddress ?? '';
    this.#clientPort = client.remotePort ?? 0;
    this.#openedAt = deps.clock.now();
    this.lastActivityAt = this.#openedAt;
  }

  accepted(): void {
    const who = this.#dialler === '' ? {} : { dialler: this.#dialler };
    this.tell({ type: 'open', clientAddress: this.clientAddress, clientPort: this.#clientPort, ...who });
  }

  connected(upstream: Duplex): void {
    const { localPort, remoteAddress, remotePort } = upstream as Partial<net.Socket>;
    this.#server = { localPort, serverAddress: remoteAddress, serverPort: remotePort };
    this.tell({ type: 'upstream-open', localPort: localPort ?? 0 });
  }

  closed(bytes: ByteCounts, cause: Cause): void {
    const ageMs = this.#deps.clock.now() - this.#openedAt;
    this.tell({ type: 'close', ...bytes, ...cause, ageMs });
  }

  tell(facts: ProxyEventFacts): void {
    this.#summary.add(facts, this.#deps.clock.now());
    this.#telling = true;
    try {
      this.#deps.emit(this.#number, facts);
    } finally {
      this.#telling = false;
    }
  }

  /**
   * A listener that changes something when told of this connection finds it in the middle of a step: the change waits
   * until that is done. Returns whether it does.
   */
  postpones(change: () => void): boolean {
    if (this.#telling) queueMicrotask(change);
    return this.#telling;
  }

  facts({ state, protocol, toxics, ...bytes }: Present): ConnectionFacts {
    const now = this.#deps.clock.now();
    const summary = this.#summary.facts();
    return {
      connection: this.#number,
      state: state === 'open' ? openState(summary) : state,
      clientAddress: this.clientAddress,
      clientPort: this.#clientPort,
      ...this.#server,
      openedAt: this.#openedAt,
      ageMs: now - this.#openedAt,
      idleMs: now - this.lastActivityAt,
      ...bytes,
      toxics,
      protocol,
      ...summary,
    };
  }
}

function openState({ clientEnd, serverEnd }: Pick<ConnectionFacts, 'clientEnd' | 'serverEnd'>) {
  if (clientEnd && serverEnd) return 'closing';
  return clientEnd || serverEnd ? 'half-closed' : 'open';
}
