/** What each toxic of a server did, however many connections that were: those in force, and those that are gone. */
import type { ToxicStream } from '../core/toxic-type.ts';

/** What one toxic did, over all connections; times are epoch ms. */
export interface ToxicAccount {
  readonly proxy: string;
  readonly toxic: string;
  readonly toxicType: string;
  readonly stream: ToxicStream;
  readonly addedAt: number;
  /** When it, or its proxy, was removed. */
  readonly removedAt: number | undefined;
  readonly strikes: number;
  /** How many of them met a peer that was still there. */
  readonly reached: number;
  /** On how many connections it struck. */
  readonly connections: number;
  /** On how many it could not act on what they carried. */
  readonly skips: number;
  readonly firstStrikeAt: number | undefined;
  readonly lastStrikeAt: number | undefined;
}

/** One strike, as it is counted. */
export interface CountedStrike {
  readonly at: number;
  readonly reached: boolean;
  /** Whether it is the toxic's first on its connection. */
  readonly first: boolean;
}

/** Counts for one toxic, for as long as it is in force. */
export class ToxicCounts {
  readonly #addedAt: number;
  #strikes = 0;
  #reached = 0;
  #connections = 0;
  #skips = 0;
  #firstStrikeAt: number | undefined;
  #lastStrikeAt: number | undefined;

  constructor(now: number) {
    this.#addedAt = now;
  }

  strike({ at, reached, first }: CountedStrike): void {
    this.#strikes += 1;
    if (reached) this.#reached += 1;
    if (first) this.#connections += 1;
    this.#firstStrikeAt ??= at;
    this.#lastStrikeAt = at;
  }

  skip(): void {
    this.#skips += 1;
  }

  facts(): Omit<ToxicAccount, 'proxy' | 'toxic' | 'toxicType' | 'stream' | 'removedAt'> {
    return {
      addedAt: this.#addedAt,
      strikes: this.#strikes,
      reached: this.#reached,
      connections: this.#connections,
      skips: this.#skips,
      firstStrikeAt: this.#firstStrikeAt,
      lastStrikeAt: this.#lastStrikeAt,
    };
  }
}

/** What the accounts of the toxics in force are read from. */
interface AccountSource {
  accounts(): ToxicAccount[];
}

/** How many toxics that are gone are kept. */
const keptAccounts = 1_000;

export class ToxicAccounts {
  readonly #inForce: () => readonly AccountSource[];
  readonly #gone: ToxicAccount[] = [];

  constructor(inForce: () => readonly AccountSource[]) {
    this.#inForce = inForce;
  }

  /** Keeps the account of a toxic that is gone, for as long as there is room. */
  keep(account: ToxicAccount): void {
    this.#gone.push(account);
    if (this.#gone.length > keptAccounts) this.#gone.shift();
  }

  /** Those in force by proxy, then those that are gone, the latest first. */
  list(): ToxicAccount[] {
    return [...this.#inForce().flatMap((proxy) => proxy.accounts()), ...this.#gone.toReversed()];
  }
}
