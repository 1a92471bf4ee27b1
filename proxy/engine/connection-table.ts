/** The connections of a server: those that are open, and a bounded number of those that ended last. */
import type { ConnectionFacts } from '../core/connection-facts.ts';

/** A connection with the proxy it goes through. */
export interface ListedConnection extends ConnectionFacts {
  /** `PROXY:NUMBER`, as events give the two; no other connection of the server has it. */
  readonly id: string;
  readonly proxy: string;
  /** Where the proxy listens, and where it leads. */
  readonly listen: string;
  readonly upstream: string;
}

/** How many ended connections are kept unless told otherwise. */
export const keptConnections = 10_000;

/** What the table reads the open connections from. */
interface ConnectionSource {
  connections(): ListedConnection[];
}

export class ConnectionTable {
  readonly #open: () => readonly ConnectionSource[];
  /** How many ended ones are kept. */
  readonly limit: number;
  /** A ring: the oldest gives its place to the next one. */
  readonly #ended: ListedConnection[] = [];
  #kept = 0;
  /** The last number by the name of the proxy; kept for good. */
  readonly #numbers = new Map<string, number>();

  constructor(open: () => readonly ConnectionSource[], limit = keptConnections) {
    this.#open = open;
    this.limit = limit;
  }

  /** The next number for a connection of a proxy of this name: ids stay unique when a proxy is made again. */
  nextNumber(proxy: string): number {
    const number = (this.#numbers.get(proxy) ?? 0) + 1;
    this.#numbers.set(proxy, number);
    return number;
  }

  /** Keeps a connection that has ended, for as long as there is room. */
  keep(connection: ListedConnection): void {
    if (this.limit > 0) this.#ended[this.#kept % this.limit] = connection;
    this.#kept += 1;
  }

  open(): ListedConnection[] {
    return this.#open().flatMap((proxy) => proxy.connections());
  }

  /** The open ones by proxy and number, then the ended ones, the latest first. */
  list(): ListedConnection[] {
    const oldest = this.limit > 0 ? this.#kept % this.limit : 0;
    const ended = [...this.#ended.slice(oldest), ...this.#ended.slice(0, oldest)];
    return [...this.open(), ...ended.toReversed()];
  }

  find(id: string): ListedConnection | undefined {
    const isIt = (connection: ListedConnection): boolean => connection.id === id;
    return this.#ended.find(isIt) ?? this.open().find(isIt);
  }

  /** Whether there was such a connection, of which nothing is kept any more. */
  hasForgotten(id: string): boolean {
    const [, proxy = '', number = ''] = /^(.*):(\d+)$/s.exec(id) ?? [];
    const last = this.#numbers.get(proxy) ?? 0;
    return Number(number) >= 1 && Number(number) <= last && this.find(id) === undefined;
  }
}
