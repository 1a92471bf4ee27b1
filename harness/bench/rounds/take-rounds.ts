/**
 * Takes every variant once in each round, in an order that changes by the seed, so that slow minutes of the machine hit all
 * alike. What comes first is thrown away: in it everything compiles and fills what it caches.
 */
import type { Clock } from 'shaketable-proxy/clock';
import type { Random } from 'shaketable-proxy/random';

/** One way to do the same work. */
export interface Variant<Take> {
  readonly id: string;
  take(): Promise<Take>;
}

/** How many rounds there are. */
export interface RoundsOptions<Take> {
  readonly variants: readonly Variant<Take>[];
  readonly random: Random;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** So many in any case. */
  readonly fewest: number;
  /** So many at the beginning are thrown away. @default 1 */
  readonly discard?: number;
  /** Further ones as long as less than this has passed since the first one began, ms. */
  readonly budgetMs: number;
  /** Asked before each take; `false` ends all, and a round that is not whole counts for nothing. @default always */
  mayTake?(): boolean;
  /** Whether the rounds so far are enough; asked after `fewest` of them. */
  enough(takes: ReadonlyMap<string, readonly Take[]>): boolean;
  /** Told before each take; `of` is how many takes are certain to come in all. */
  onProgress?(progress: {
    readonly done: number;
    readonly of: number;
    readonly variant: string;
    readonly round: number;
  }): void;
}

/** What each variant came to, round by round, without those that are thrown away. */
export async function takeRounds<Take>(options: RoundsOptions<Take>): Promise<Map<string, Take[]>> {
  const { variants, random, clock, signal, fewest, discard = 1, budgetMs } = options;
  const takes = new Map<string, Take[]>(variants.map(({ id }) => [id, []]));
  const startedAt = clock.now();
  let done = 0;
  for (let round = 0; round < discard + fewest || mayGoOn(); round += 1) {
    for (const variant of shuffle(variants, random.fork(`round ${round}`))) {
      signal.throwIfAborted();
      if (options.mayTake?.() === false) return wholeRounds(takes, round - discard);
      const certain = Math.max(discard + fewest, round + 1);
      options.onProgress?.({ done, of: certain * variants.length, variant: variant.id, round });
      const take = await variant.take();
      if (round >= discard) takes.get(variant.id)?.push(take);
      done += 1;
    }
  }
  return takes;

  function mayGoOn(): boolean {
    return !options.enough(takes) && clock.now() - startedAt < budgetMs;
  }
}

/** Each variant's takes of so many rounds, for comparisons of what shared them. */
function wholeRounds<Take>(takes: Map<string, Take[]>, rounds: number): Map<string, Take[]> {
  return new Map([...takes].map(([id, all]) => [id, all.slice(0, Math.max(0, rounds))]));
}

/** In another order (Fisher and Yates). */
export function shuffle<T>(values: readonly T[], random: Random): T[] {
  const shuffled = [...values];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(random.next() * (last + 1));
    [shuffled[last], shuffled[chosen]] = [shuffled[chosen] as T, shuffled[last] as T];
  }
  return shuffled;
}
