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
  return thinIndexes(wanted, others, limit).map((index) => items[index] as T);
}

/** The same for indexes: at most `limit`, in order, the `wanted` ones first. Both lists are in order. */
export function thinIndexes(wanted: readonly number[], others: readonly number[], limit: number): number[] {
  const kept = spread(wanted, limit);
  return [...kept, ...spread(others, limit - kept.length)].sort((a, b) => a - b);
}

function spread(indexes: readonly number[], limit: number): readonly number[] {
  if (indexes.length <= limit) return indexes;
  if (limit <= 0) return [];
  return Array.from(
    { length: limit },
    (_, place) => indexes[Math.floor((place * indexes.length) / limit)] ?? 0,
  );
}
