/** Which connection of a link a server means that has our own proxy as its peer: by the port that both know. */
import type { Entry } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { valueAt } from '../journal/matcher.ts';

/** The connection that the record's `remotePort` belongs to. */
export function connectionByPort(journal: Journal, link: string, record: Entry): number | undefined {
  const localPort = Number(valueAt(record, 'remotePort'));
  const through = journal.latest({ kind: 'connection.through', link, localPort });
  return through?.kind === 'connection.through' ? through.connection : undefined;
}
