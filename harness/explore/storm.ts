/**
 * The time in which drawn faults come, and the quiet after it. A story asks it how long to go on, and tells it how its subject is
 * crashed and started again; faults on the subject itself reach it here.
 */
import type { Clock } from 'shaketable-proxy/clock';
import type { Fault } from '../faults/fault.ts';
import type { Matcher } from '../journal/matcher.ts';
import { ownWorlds } from '../world-list.ts';
import type { Table } from '../worlds/table.ts';

/** The entry from which the times of a schedule count. */
export const stormBegins = { kind: 'subject.note', name: 'storm' } as const satisfies Matcher;

/** How long it lasts, lab milliseconds. */
export interface StormTimes {
  /** While faults come and go. */
  readonly stormMs: number;
  /** Afterwards, without any: what is under way has to come to its end. */
  readonly quietMs: number;
}

/** A subject that can be crashed: what it keeps on disk stays. */
export interface Crashable {
  /** Ends it at once, without a word to its peers. */
  crash(): Promise<void> | void;
  /** Starts it again, with what it kept. */
  restart(): Promise<void>;
}

/** The storm of one run. */
export class Storm {
  readonly #table: Table;
  readonly #times: StormTimes;
  readonly #begun: number;
  #offsetMs = 0;
  #crashable: Crashable | undefined;
  #down: Promise<void> | undefined;

  constructor(table: Table, times: StormTimes) {
    this.#table = table;
    this.#times = times;
    this.#begun = table.clock.now();
    storms.set(table.clock, this);
    table.note(stormBegins.name);
  }

  /** A clock for the subject that jumps when a fault says so; it waits as the table's does. */
  get clock(): Clock {
    const { clock } = this.#table;
    return { now: () => clock.now() + this.#offsetMs, sleep: (ms, signal) => clock.sleep(ms, signal) };
  }

  /** Whether faults may still come. */
  get rages(): boolean {
    return this.#table.clock.now() < this.#begun + this.#times.stormMs;
  }

  /** Resolves when the last fault is over. */
  async over(): Promise<void> {
    await this.#until(this.#times.stormMs);
    await this.#down;
  }

  /** Resolves when the quiet after it is over too. */
  async settled(): Promise<void> {
    await this.over();
    await this.#until(this.#times.stormMs + this.#times.quietMs);
  }

  /** Says how the subject is crashed. @default no crash strikes */
  crashes(crashable: Crashable): void {
    this.#crashable = crashable;
  }

  /** Crashes the subject; what is returned starts it again. Undefined where the story does not say how. */
  async crash(): Promise<(() => Promise<void>) | undefined> {
    const crashable = this.#crashable;
    if (crashable === undefined || this.#down !== undefined) return undefined;
    const up = Promise.withResolvers<void>();
    this.#down = up.promise;
    await crashable.crash();
    return async () => {
      await crashable.restart();
      this.#down = undefined;
      up.resolve();
    };
  }

  jump(byMs: number): void {
    this.#offsetMs += byMs;
  }

  async #until(afterMs: number): Promise<void> {
    const leftMs = this.#begun + afterMs - this.#table.clock.now();
    if (leftMs > 0) await this.#table.sleep(leftMs);
  }
}

/** By the clock of their table, which is what a fault has of it. */
const storms = new WeakMap<Clock, Storm>();

/** The subject ends without a word, and comes back when the fault is lifted. */
export function crash(): Fault {
  return {
    kind: 'crash',
    place: 'subject',
    params: {},
    worlds: ownWorlds,
    async install({ clock, strike }) {
      const restart = await storms.get(clock)?.crash();
      if (restart !== undefined) strike('the subject was crashed');
      return async () => restart?.();
    },
  };
}

/** The subject's clock jumps; waits that have begun are not affected. Lifting the fault takes the jump back. */
export function clockJump({ byMs }: { byMs: number }): Fault {
  return {
    kind: 'clock_jump',
    place: 'subject',
    params: { byMs },
    worlds: ownWorlds,
    async install({ clock, strike }) {
      const storm = storms.get(clock);
      storm?.jump(byMs);
      if (storm !== undefined) strike(`the clock jumped by ${byMs} ms`);
      return async () => storm?.jump(-byMs);
    },
  };
}
