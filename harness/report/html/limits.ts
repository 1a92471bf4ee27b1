/**
 * How much of a run one page shows. A big run gets smaller limits until the page is of a size that opens at once; what
 * is left out is said where it is left out, and stands in the journals.
 */

export interface Limits {
  /** Entries listed from the start of each journal; those that are drawn or cited come on top. */
  readonly listed: number;
  /** Marks or bars in one lane. */
  readonly drawn: number;
  /** Characters of one entry. */
  readonly characters: number;
}

/** What a page may weigh, in bytes. */
export const pageBytes = 4_500_000;

/** From generous to frugal; the first one that fits is taken, the last one in any case. */
export const limitLevels: readonly Limits[] = [
  { listed: 300, drawn: 240, characters: 320 },
  { listed: 300, drawn: 120, characters: 240 },
  { listed: 150, drawn: 70, characters: 180 },
  { listed: 60, drawn: 40, characters: 140 },
  { listed: 25, drawn: 20, characters: 100 },
  { listed: 5, drawn: 10, characters: 80 },
];

/**
 * At most `limit` of `items`, in order: first those that `keep` means, then others evenly spread, so that the shape
 * over time stays.
 */
export function thin<T>(items: readonly T[], limit: number, keep: (item: T) => boolean): T[] {
  if (items.length <= limit) return [...items];
  const wanted = items.map((item, index) => (keep(item) ? index : -1)).filter((index) => index >= 0);
  const kept = new Set(spread(wanted, limit));
  const others = items.map((_, index) => index).filter((index) => !kept.has(index));
  for (const index of spread(others, limit - kept.size)) kept.add(index);
  return items.filter((_, index) => kept.has(index));
}

function spread(indexes: readonly number[], limit: number): number[] {
  if (indexes.length <= limit) return [...indexes];
  if (limit <= 0) return [];
  return Array.from(
    { length: limit },
    (_, place) => indexes[Math.floor((place * indexes.length) / limit)] ?? 0,
  );
}
