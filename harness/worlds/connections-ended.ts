/** The TLS connections of a journal that nobody has ended at the client's side yet. */
import { type Clock, withDeadline } from 'shaketable-proxy/clock';
import type { Entry, EntryOf } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';

type End = EntryOf<'connection.end'> | EntryOf<'connection.close'>;

const isEnd = (entry: Entry): entry is End =>
  entry.kind === 'connection.close' || (entry.kind === 'connection.end' && entry.side === 'client');

const nameOf = ({ link, connection }: End | EntryOf<'tls.client-hello'>): string => `${connection} ${link}`;

/** Resolves once all are ended, or after `withinMs` of `clock`: who stops sends its last bytes, and a busy machine takes a moment. */
export async function connectionsEnded(journal: Journal, clock: Clock, withinMs: number): Promise<void> {
  const open = new Set(
    journal.all({ kind: 'tls.client-hello' }).map((entry) => nameOf(entry as EntryOf<'tls.client-hello'>)),
  );
  for (const entry of journal.all({ kind: { anyOf: ['connection.end', 'connection.close'] } }))
    if (isEnd(entry)) open.delete(nameOf(entry));
  if (open.size === 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = journal.subscribe((entry) => {
    if (isEnd(entry)) open.delete(nameOf(entry));
    if (open.size === 0) resolve();
  });
  await withDeadline(clock, withinMs, promise, () => undefined);
  stop();
}
