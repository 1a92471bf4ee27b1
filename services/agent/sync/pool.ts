/**
 * Lends sessions and takes them back on every path (R3.10). mysql2's own pool keeps time by the wall clock and does
 * not let go of a connection that never gets through its handshake, so this one is ours; it is small.
 *
 *     lease ─► idle, fresh or alive? ─► open a new one ─► wait in line      release ─► idle, or away with it
 *                                         │ not before its pace says so
 */
import type { Clock } from '../../clock.ts';
import { setTimer, withDeadline } from '../../deadline.ts';
import type { Random } from '../../random.ts';
import { DeadlineError } from '../shared/errors.ts';
import { Pace, type Trial } from './pace.ts';
import type { SyncPolicy } from './policy.ts';
import type { Session } from './session.ts';

export interface PoolOptions {
  readonly clock: Clock;
  readonly random: Random;
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
  /** Those that are on loan for the first time. */
  readonly #trials = new Map<Session, Trial>();
  readonly #pace: Pace;
  /** Those who wait for a session, or for room to open one, first come first. */
  readonly #waiting: (() => void)[] = [];
  #opening = 0;
  #opened = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    const { clock, random, policy } = options;
    this.#pace = new Pace({ clock, random, waits: policy.reconnect });
  }

  get stats(): { opened: number; connections: number; inUse: number; waiting: number } {
    return {
      opened: this.#opened,
      connections: this.#size,
      inUse: this.#leased.size,
      waiting: this.#waiting.length,
    };
  }

  /**
   * Rejects with `DeadlineError` when none becomes free in time, caused by what the last connect met if none has succeeded since;
   * with `PoolClosed`; or with whatever opening one met.
   */
  async lease(): Promise<Lease> {
    const untilMs = this.#options.clock.now() + this.#options.policy.acquireTimeoutMs;
    for (;;) {
      if (this.#closed) throw new PoolClosed('The pool of database connections is closed');
      // No `await` between a look at what there is and taking a place in line, or a session freed meanwhile is missed.
      const idle = this.#idle.pop();
      if (idle && (await this.#isFit(idle))) return this.#lend(idle);
      if (idle) continue;
      const hasRoom = this.#size < this.#options.policy.poolSize;
      const restMs = hasRoom ? this.#pace.leftMs : undefined;
      if (restMs === 0) return this.#lend(await this.#openOne());
      await this.#untilChanged(untilMs, restMs);
    }
  }

  /** A session has gone: if it lay here, it lies here no longer. */
  forget(session: Session): void {
    const index = this.#idle.indexOf(session);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#wakeAll();
  }

  /** Closes what is on loan under the hands of its users, and lends nothing more: whatever waits or is under way rejects. */
  abandon(): void {
    this.#closed = true;
    for (const session of this.#leased) session.destroy();
    this.#wakeAll();
  }

  /** Closes what is idle at once, politely; what is on loan when it comes back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#wakeAll();
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
    const trial = this.#pace.begin();
    this.#opening += 1;
    try {
      const session = await this.#options.open();
      this.#opened += 1;
      this.#leased.add(session);
      this.#trials.set(session, trial);
      return session;
    } catch (error) {
      trial.failed(error);
      throw error;
    } finally {
      this.#opening -= 1;
      this.#wakeAll();
    }
  }

  async #release(session: Session): Promise<void> {
    this.#leased.delete(session);
    const trial = this.#trials.get(session);
    this.#trials.delete(session);
    if (session.usable) trial?.succeeded();
    else trial?.failed();
    if (session.usable && this.#closed) await session.end();
    else if (session.usable) this.#idle.push(session);
    this.#wakeAll();
  }

  /** Waits until something has changed or `restMs` are over. */
  async #untilChanged(untilMs: number, restMs: number | undefined): Promise<void> {
    const { clock, policy } = this.#options;
    const { promise, resolve } = Promise.withResolvers<void>();
    const leave = (): void => {
      const place = this.#waiting.indexOf(resolve);
      if (place >= 0) this.#waiting.splice(place, 1);
    };
    this.#waiting.push(resolve);
    const cancel = restMs === undefined ? () => {} : setTimer(clock, restMs, resolve);
    try {
      await withDeadline(clock, Math.max(0, untilMs - clock.now()), promise, () => {
        const late = new DeadlineError('connect', policy.acquireTimeoutMs);
        return Object.assign(late, this.#pace.lastFailure !== undefined && { cause: this.#pace.lastFailure });
      });
    } finally {
      cancel();
      leave();
    }
  }

  /** Each looks again, in the order in which they came. */
  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
