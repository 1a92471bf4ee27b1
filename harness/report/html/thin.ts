/**
 * Fewer of many things, so that the shape over time stays.
 */

/** At most `limit` of `items`, in order: first those that `keep` means, then others evenly spread. */
export function thin<T>(items: readonly T[], limit: number, keep: (item: T) => boolean): T[] {
  if (items.length <= limit) return [...items];
  const wanted: number[] = [];
  const others: number[] = [];
  items.forEach((item, index) => {
    (keep(item) ? wanted : others).push(index);
  });
  const kept = spread(wanted, limit);
  const rest = spread(others, limit - kept.length);
  return [...kept, ...rest].sort((a, b) => a - b).map((index) => items[index] as T);
}

function spread(indexes: readonly number[], limit: number): number[] {
  if (indexes.length <= limit) return [...indexes];
  if (limit <= 0) return [];
  return Array.from(
    { length: limit },
    (_, place) => indexes[Math.floor((place * indexes.length) / limit)] ?? 0,
  );
}
