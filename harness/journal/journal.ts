/**
 * The journal while a run is on: everything appends to it, triggers and scenarios listen to it. Sealing it puts the
 * entries in order of time (logs arrive a little later than what they tell of) and numbers them.
 */
import type { Clock } from 'shaketable-proxy/clock';
import type { Entry, EntryKind, FactsOf, JsonObject } from './entry.ts';
import type { SourceOf } from './kinds.ts';
import { type Matcher, matches } from './matcher.ts';
import { createScrubber, type Scrubber } from './scrub.ts';

type Listener = (entry: Entry) => void;

export class Journal {
  /** Epoch milliseconds of the lab clock at which `t` is 0. */
  readonly startedAt: number;
  readonly #clock: Clock;
  readonly #entries: Entry[] = [];
  readonly #byKind = new Map<EntryKind, Entry[]>();
  readonly #listeners = new Set<Listener>();
  readonly #scrubber: Scrubber = createScrubber();
  #sealed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.startedAt = clock.now();
  }

  /** Appends what happened, now or at epoch milliseconds `at` of the lab clock. After sealing it does nothing. */
  append<K extends EntryKind>(
    source: SourceOf<K>,
    kind: K,
    facts: NoInfer<FactsOf<K>>,
    at: number = this.#clock.now(),
  ): void {
    if (this.#sealed) return;
    const t = Math.round((at - this.startedAt) * 1_000) / 1_000;
    const entry = this.#scrubber.scrub({ ...facts, n: this.#entries.length + 1, t, source, kind }) as Entry;
    this.#entries.push(entry);
    const alike = this.#byKind.get(kind);
    if (alike) alike.push(entry);
    else this.#byKind.set(kind, [entry]);
    for (const listener of [...this.#listeners]) listener(entry);
  }

  /**
   * Makes `value` a planted secret: wherever it turns up in an entry, plain, URL-encoded or in base64, the journal
   * keeps `[planted secret: name]` in its place. So a leak stays provable and the lab itself leaks nothing (R3.5).
   */
  plantSecret(name: string, value: string): void {
    this.#scrubber.plant(name, value);
  }

  /** Takes planted secrets out of what is written beside the journal: why a story broke off, why a fault did not hold. */
  scrub<T extends JsonObject>(fields: T): T {
    return this.#scrubber.scrub(fields) as T;
  }

  /** Every entry so far, in order of arrival. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Hears each new entry until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The `nth` entry that `matcher` means, counted over the whole journal: at once if it is there, else when it comes. */
  entry(matcher: Matcher, options: { nth?: number; signal?: AbortSignal } = {}): Promise<Entry> {
    const { nth = 1, signal } = options;
    const found = this.all(matcher);
    const present = found[nth - 1];
    if (present) return Promise.resolve(present);
    let missing = nth - found.length;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = this.subscribe((entry) => {
        if (!matches(entry, matcher)) return;
        missing -= 1;
        if (missing > 0) return;
        stop();
        signal?.removeEventListener('abort', abort);
        resolve(entry);
      });
      const abort = (): void => {
        stop();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** The latest entry that `matcher` means. */
  latest(matcher: Matcher): Entry | undefined {
    return this.#entries.findLast((entry) => matches(entry, matcher));
  }

  /** Every entry that `matcher` means so far, in order of arrival. */
  all(matcher: Matcher): readonly Entry[] {
    return this.#candidates(matcher).filter((entry) => matches(entry, matcher));
  }

  /** How many entries `matcher` means so far. */
  count(matcher: Matcher): number {
    return this.all(matcher).length;
  }

  /** Those among which a matcher has to look: a long journal is asked again and again while it grows. */
  #candidates({ kind }: Matcher): readonly Entry[] {
    return typeof kind === 'string' ? (this.#byKind.get(kind) ?? []) : this.#entries;
  }

  /** Ends the journal: all that was appended, in order. */
  seal(): readonly Entry[] {
    this.#sealed = true;
    this.#listeners.clear();
    return inOrder(this.#entries);
  }
}

/** Entries in order of time, those of one moment in order of arrival, numbered from 1. */
export function inOrder(entries: readonly Entry[]): Entry[] {
  const ordered = entries.toSorted((a, b) => a.t - b.t || a.n - b.n);
  return ordered.map((entry, index) => ({ ...entry, n: index + 1 }));
}
