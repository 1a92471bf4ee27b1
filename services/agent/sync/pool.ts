/**
 * Lends sessions and takes them back on every path (R3.10). mysql2's own pool keeps time by the wall clock and does
 * not let go of a connection that never gets through its handshake, so this one is ours; it is small.
 *
 *     lease ─► idle, fresh or alive? ─► open a new one ─► wait in line      release ─► idle, or away with it
 */
import type { Clock } from '../../clock.ts';
import { withDeadline } from '../../deadline.ts';
import { DeadlineError } from '../shared/errors.ts';
import type { SyncPolicy } from './policy.ts';
import type { Session } from './session.ts';

export interface PoolOptions {
  readonly clock: Clock;
  readonly policy: SyncPolicy;
  readonly open: () => Promise<Session>;
}

/** A session on loan, until it is disposed of. */
export interface Lease extends AsyncDisposable {
  readonly session: Session;
}

/** The pool is closed. */
export class PoolClosed extends Error {
  override readonly name = 'PoolClosed';
  readonly code = 'POOL_CLOSED';
}

export class Pool implements AsyncDisposable {
  readonly #options: PoolOptions;
  readonly #idle: Session[] = [];
  readonly #leased = new Set<Session>();
  /** Those who wait for a session, or for room to open one, first come first. */
  readonly #waiting: (() => void)[] = [];
  #opening = 0;
  #opened = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get stats(): { opened: number; connections: number; inUse: number; waiting: number } {
    return {
      opened: this.#opened,
      connections: this.#size,
      inUse: this.#leased.size,
      waiting: this.#waiting.length,
    };
  }

  /** Rejects with `DeadlineError` when none becomes free in time, `PoolClosed`, or whatever opening one met. */
  async lease(): Promise<Lease> {
    const untilMs = this.#options.clock.now() + this.#options.policy.acquireTimeoutMs;
    for (;;) {
      if (this.#closed) throw new PoolClosed('The pool of database connections is closed');
      // No `await` between a look at what there is and taking a place in line, or a session freed meanwhile is missed.
      const idle = this.#idle.pop();
      if (idle && (await this.#isFit(idle))) return this.#lend(idle);
      if (idle) continue;
      if (this.#size < this.#options.policy.poolSize) return this.#lend(await this.#openOne());
      await this.#untilFreed(untilMs);
    }
  }

  /** A session has gone: if it lay here, it lies here no longer. */
  forget(session: Session): void {
    const index = this.#idle.indexOf(session);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#wakeNext();
  }

  /** Closes what is on loan under the hands of its users: their statements reject. */
  destroyLeased(): void {
    for (const session of this.#leased) session.destroy();
  }

  /** Closes what is idle at once, politely; what is on loan when it comes back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const wake of this.#waiting.splice(0)) wake();
    await Promise.all(this.#idle.splice(0).map((session) => session.end()));
  }

  get #size(): number {
    return this.#idle.length + this.#leased.size + this.#opening;
  }

  #lend(session: Session): Lease {
    return { session, [Symbol.asyncDispose]: () => this.#release(session) };
  }

  /** Counts the session as on loan, and keeps it so if it can be used. */
  async #isFit(session: Session): Promise<boolean> {
    this.#leased.add(session);
    const fit = session.idleMs < this.#options.policy.validateAfterMs || (await session.isAlive());
    if (!fit) this.#leased.delete(session);
    return fit;
  }

  async #openOne(): Promise<Session> {
    this.#opening += 1;
    try {
      const session = await this.#options.open();
      this.#opened += 1;
      this.#leased.add(session);
      return session;
    } catch (error) {
      this.#wakeNext();
      throw error;
    } finally {
      this.#opening -= 1;
    }
  }

  async #release(session: Session): Promise<void> {
    this.#leased.delete(session);
    if (session.usable && this.#closed) await session.end();
    else if (session.usable) this.#idle.push(session);
    this.#wakeNext();
  }

  async #untilFreed(untilMs: number): Promise<void> {
    const { clock, policy } = this.#options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    await withDeadline(clock, Math.max(0, untilMs - clock.now()), promise, () => {
      this.#waiting.splice(this.#waiting.indexOf(resolve), 1);
      return new DeadlineError('connect', policy.acquireTimeoutMs);
    });
  }

  #wakeNext(): void {
    this.#waiting.shift()?.();
  }
}
