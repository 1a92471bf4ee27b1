/**
 * The connections to one server. A request takes the one that was used last, so that a quiet agent keeps a single
 * connection and makes a single handshake (R1.1). A second is opened only if the first stays busy.
 *
 *   acquire ──► idle and fresh? ──► lease
 *                 │ no
 *                 ├── none at all, or patience is over ──► open ──► lease
 *                 └── all busy ──► wait for a release, up to `patienceMs`, or longer at the limit
 */
import type { Clock } from '../../clock.ts';
import { abortable, setTimer } from '../../deadline.ts';
import type { Dial } from '../shared/dial.ts';
import type { AttemptTimer } from './attempt-timer.ts';
import { Connection } from './connection.ts';
import { openSocket, type Server } from './open-socket.ts';

/** What a pool needs. */
export interface PoolOptions {
  readonly server: Server;
  readonly dial: Dial;
  readonly clock: Clock;
  /** Connections at the same time, at most. @default 4 */
  readonly maxConnections?: number;
  /** How long a request waits for a busy connection before another one is opened. @default 5000 */
  readonly patienceMs?: number;
}

/** A connection on loan. Disposing gives it back if `keep` was called, and closes it otherwise. */
export interface Lease extends AsyncDisposable {
  readonly connection: Connection;
  /** Says that the exchange ended well, so that the connection may be used again. */
  keep(): void;
}

/** A pool of connections, used like `await using pool = new ConnectionPool(…)` (R3.2, R3.10). */
export class ConnectionPool implements AsyncDisposable {
  readonly #options: Required<PoolOptions>;
  /** Idle connections, the one used last at the end, each with what calls off its retirement. */
  readonly #idle = new Map<Connection, () => void>();
  readonly #all = new Set<Connection>();
  readonly #waiting = new Set<() => void>();
  readonly #disposed = new AbortController();
  #opening = 0;

  constructor(options: PoolOptions) {
    this.#options = { maxConnections: 4, patienceMs: 5_000, ...options };
  }

  /** Connections that are open or being opened. */
  get size(): number {
    return this.#all.size + this.#opening;
  }

  /** Lends a connection: an idle one if there is one, else a new one. Throws what opening it threw. */
  async acquire(timer: AttemptTimer): Promise<Lease> {
    const { clock, maxConnections, patienceMs } = this.#options;
    const impatientAtMs = clock.now() + patienceMs;
    for (;;) {
      this.#disposed.signal.throwIfAborted();
      timer.signal.throwIfAborted();
      const idle = this.#takeIdle();
      if (idle) return this.#lend(idle);
      const patienceLeftMs = impatientAtMs - clock.now();
      const mayOpen = this.size < maxConnections && (this.size === 0 || patienceLeftMs <= 0);
      if (mayOpen) return this.#lend(await this.#open(timer));
      await this.#untilReleased(timer.signal, this.size < maxConnections ? patienceLeftMs : undefined);
    }
  }

  /** Closes every connection, at once; who waits for one is refused. May be called twice. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort(new Error('The connection pool is closed'));
    this.#wakeAll();
    await this.#close([...this.#all]);
  }

  #takeIdle(): Connection | undefined {
    for (const connection of [...this.#idle.keys()].reverse()) {
      this.#noLongerIdle(connection);
      if (connection.isFresh) return connection;
      void this.#close([connection]);
    }
    return undefined;
  }

  #noLongerIdle(connection: Connection): void {
    this.#idle.get(connection)?.();
    this.#idle.delete(connection);
  }

  async #open(timer: AttemptTimer): Promise<Connection> {
    const { server, dial, clock } = this.#options;
    this.#opening += 1;
    try {
      const connection = new Connection(
        server.url.origin,
        await openSocket(server, dial, clock, timer),
        clock,
      );
      this.#all.add(connection);
      connection.onClose(() => this.#forget(connection));
      return connection;
    } finally {
      this.#opening -= 1;
      this.#wakeOne();
    }
  }

  #lend(connection: Connection): Lease {
    let kept = false;
    return {
      connection,
      keep: () => {
        kept = true;
      },
      [Symbol.asyncDispose]: () => this.#takeBack(connection, kept),
    };
  }

  /**
   * A connection that failed is closed; if it had worked before, those that lie idle have most likely met the same
   * fate, and are closed with it instead of failing one request each (urllib3/urllib3#245).
   */
  async #takeBack(connection: Connection, kept: boolean): Promise<void> {
    if (kept && connection.isFresh && !this.#disposed.signal.aborted) {
      this.#keepIdle(connection);
    } else {
      const suspects = !kept && connection.isReused ? [...this.#idle.keys()] : [];
      await this.#close([connection, ...suspects]);
    }
    this.#wakeOne();
  }

  /** Keeps a connection for the next request, and closes it when its time is over, before the server does. */
  #keepIdle(connection: Connection): void {
    const { clock } = this.#options;
    const idleMs = Math.max(0, connection.retireAtMs - clock.now());
    this.#idle.set(
      connection,
      setTimer(clock, idleMs, () => void this.#close([connection])),
    );
  }

  async #close(connections: readonly Connection[]): Promise<void> {
    for (const connection of connections) this.#forget(connection);
    await Promise.all(connections.map((connection) => connection[Symbol.asyncDispose]()));
  }

  #forget(connection: Connection): void {
    this.#all.delete(connection);
    this.#noLongerIdle(connection);
    this.#wakeOne();
  }

  /** Waits until a connection is given back or `limitMs` have passed. */
  async #untilReleased(signal: AbortSignal, limitMs: number | undefined): Promise<void> {
    const { promise: released, resolve: wake } = Promise.withResolvers<void>();
    this.#waiting.add(wake);
    const cancel = limitMs === undefined ? () => {} : setTimer(this.#options.clock, limitMs, wake);
    try {
      await abortable(released, signal);
    } finally {
      this.#waiting.delete(wake);
      cancel();
    }
  }

  #wakeOne(): void {
    const [first] = this.#waiting;
    if (!first) return;
    this.#waiting.delete(first);
    first();
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
  }
}
