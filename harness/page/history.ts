/** The entries since a moment, for as long as there is room. */
import type { Entry } from '../journal/entry.ts';
import type { EntrySource } from './entry-source.ts';

/** A day of an agent’s log, and a few minutes of a flood: bounded either way. */
const mostEntries = 100_000;

export class History {
  readonly #source: EntrySource;
  readonly #listeners = new Set<(entry: Entry) => void>();
  #entries: Entry[] = [];
  #lost = 0;

  constructor(source: EntrySource) {
    this.#source = source;
  }

  /** Epoch milliseconds at which the `t` of entries is 0. */
  get startedAt(): number {
    return this.#source.startedAt;
  }

  /** How many entries there was no room for, from the beginning on. */
  get lost(): number {
    return this.#lost;
  }

  /** In the order in which they came. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Keeps what comes from now on; returns what ends that. */
  keep(): () => void {
    return this.#source.subscribe((entry) => this.add(entry));
  }

  /** Hears each new entry until the returned function is called. */
  subscribe(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Those from `since` on (epoch ms), in order of time, numbered from 1, as a journal has them. */
  since(since: number): Entry[] {
    return this.#entries
      .filter(({ t }) => this.startedAt + t >= since)
      .toSorted((a, b) => a.t - b.t || a.n - b.n)
      .map((entry, index) => ({ ...entry, n: index + 1 }));
  }

  add(entry: Entry): void {
    for (const listener of this.#listeners) listener(entry);
    this.#entries.push(entry);
    if (this.#entries.length <= mostEntries) return;
    // In one go, since taking them one by one would move the rest each time.
    const over = this.#entries.length - Math.floor(mostEntries * 0.9);
    this.#entries = this.#entries.slice(over);
    this.#lost += over;
  }
}
