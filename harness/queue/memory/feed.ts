/** Items as they come, for everybody who follows. Whoever is slow loses none; nothing is kept for who was not there. */
export interface Feed<Item> {
  push(item: Item): void;
  /** The items from this call on until `signal`. */
  follow(signal: AbortSignal): AsyncIterable<Item>;
}

export function createFeed<Item>(): Feed<Item> {
  const followers = new Set<(item: Item) => void>();
  return {
    push(item) {
      for (const follower of followers) follower(item);
    },
    follow(signal) {
      const items: Item[] = [];
      let change = Promise.withResolvers<void>();
      const stir = (): void => change.resolve();
      const follower = (item: Item): void => {
        items.push(item);
        stir();
      };
      followers.add(follower);
      signal.addEventListener('abort', stir, { once: true });
      return (async function* () {
        try {
          while (!signal.aborted) {
            yield* items.splice(0);
            if (signal.aborted || items.length > 0) continue;
            await change.promise;
            change = Promise.withResolvers();
          }
        } finally {
          followers.delete(follower);
          signal.removeEventListener('abort', stir);
        }
      })();
    },
  };
}
