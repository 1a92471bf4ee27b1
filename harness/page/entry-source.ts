/** Where the page has its entries from: the journal of a table, or, where there is none, what the proxy server tells. */
import type { StartedProxy } from 'shaketable-proxy';
import type { Clock } from 'shaketable-proxy/clock';
import type { Entry, EntryKind, FactsOf } from '../journal/entry.ts';
import type { SourceOf } from '../journal/kinds.ts';
import { recordProxyEvent } from '../worlds/recording.ts';

export interface EntrySource {
  /** Epoch milliseconds at which `t` is 0. */
  readonly startedAt: number;
  /** Hears each new entry until the returned function is called. */
  subscribe(listener: (entry: Entry) => void): () => void;
}

/** What happens on the connections of a proxy server, as entries; it keeps none of them. */
export function entriesOf(proxies: StartedProxy, clock: Clock): EntrySource {
  const startedAt = clock.now();
  return {
    startedAt,
    subscribe(listener) {
      let last = 0;
      const append = <K extends EntryKind>(source: SourceOf<K>, kind: K, facts: FactsOf<K>): void => {
        last += 1;
        const t = Math.round((clock.now() - startedAt) * 1_000) / 1_000;
        listener({ ...facts, n: last, t, source, kind } as unknown as Entry);
      };
      return proxies.subscribe((event) => recordProxyEvent({ append }, 1, event));
    },
  };
}
