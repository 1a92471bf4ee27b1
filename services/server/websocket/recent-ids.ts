/**
 * Remembers the latest ids, so that a message that is sent again after an unknown outcome has no second effect.
 */

export interface RecentIds {
  /** Whether `id` is remembered; it is from now on. */
  isRepeated(id: string): boolean;
}

/** Remembers up to `limit` ids and forgets the oldest first. */
export function createRecentIds(limit: number): RecentIds {
  const ids = new Set<string>();
  return {
    isRepeated(id) {
      if (ids.has(id)) return true;
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > limit && oldest !== undefined) ids.delete(oldest);
      return false;
    },
  };
}
