/**
 * Keeps a repeated record from flooding the log without hiding that it repeats (R3.4). The first of a kind is written
 * at once; the following ones are counted. At the end of each window, and when the series is settled, the last one is
 * written, after a `suppressed` record that says how many were left out. Windows grow while a kind goes on.
 */
import type { Clock } from '../../clock.ts';
import { setTimer } from '../../deadline.ts';
import type { Fields, Level, Log } from './log.ts';

/** A record that may be a repetition. `key` says of what: records with one key differ in nothing that matters. */
export interface Repeatable {
  readonly key: string;
  readonly level: Level;
  readonly message: string;
  readonly fields: Fields;
}

/** How long repetitions are collected. */
export interface SuppressionPolicy {
  /** The first window. @default 60000 */
  readonly windowMs: number;
  /** The longest window; each is twice as long as the one before. @default 300000 */
  readonly longestWindowMs: number;
}

const defaults: SuppressionPolicy = Object.freeze({ windowMs: 60_000, longestWindowMs: 300_000 });

interface Series {
  cancelTimer: () => void;
  windowMs: number;
  readonly windowStartMs: number;
  repeats: number;
  last: Repeatable | undefined;
  lastAtMs: number;
}

/** Writes first records, counts repetitions. Dispose of it to have the last ones written. */
export class LogThrottle implements Disposable {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #policy: SuppressionPolicy;
  readonly #series = new Map<string, Series>();

  constructor(log: Log, clock: Clock, policy: Partial<SuppressionPolicy> = {}) {
    this.#log = log;
    this.#clock = clock;
    this.#policy = { ...defaults, ...policy };
  }

  /** Writes the record if it is the first of its key, else counts it. */
  write(record: Repeatable): void {
    const series = this.#series.get(record.key);
    if (!series) {
      this.#log.write(record.level, record.message, record.fields);
      this.#begin(record.key);
      return;
    }
    series.repeats += 1;
    series.last = record;
    series.lastAtMs = this.#clock.now();
  }

  /** Ends the series whose keys `concerns` accepts: writes what was held back and forgets them. */
  settle(concerns: (key: string) => boolean): void {
    for (const [key, series] of this.#series) {
      if (!concerns(key)) continue;
      this.#flush(key, series);
      series.cancelTimer();
      this.#series.delete(key);
    }
  }

  [Symbol.dispose](): void {
    this.settle(() => true);
  }

  #begin(key: string): void {
    const series: Series = {
      cancelTimer: () => {},
      windowMs: this.#policy.windowMs,
      windowStartMs: this.#clock.now(),
      repeats: 0,
      last: undefined,
      lastAtMs: 0,
    };
    this.#series.set(key, series);
    this.#watch(key, series);
  }

  /** A window without a repetition ends the series; any other opens a longer one. */
  #watch(key: string, series: Series): void {
    series.cancelTimer = setTimer(this.#clock, series.windowMs, () => {
      if (series.repeats === 0) return void this.#series.delete(key);
      this.#flush(key, series);
      series.windowMs = Math.min(series.windowMs * 2, this.#policy.longestWindowMs);
      this.#watch(key, series);
    });
  }

  #flush(key: string, series: Series): void {
    const { last, repeats, windowStartMs, lastAtMs } = series;
    if (!last) return;
    const now = this.#clock.now();
    const hidden = repeats - 1;
    if (hidden > 0) {
      const sinceMs = Math.round(now - windowStartMs);
      const message = `${hidden} more like this in ${Math.round(sinceMs / 1_000)} s: ${key}`;
      this.#log.write(last.level, message, { event: 'suppressed', key, count: hidden, sinceMs });
    }
    this.#log.write(last.level, last.message, { ...last.fields, heldBackMs: Math.round(now - lastAtMs) });
    Object.assign(series, { repeats: 0, last: undefined, windowStartMs: now });
  }
}
