/** Which connection of a link a server means that has our own proxy as its peer: by the port that both know. */
import type { Entry } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';

/** The connection that the record's `remotePort` belongs to. */
export function connectionByPort(journal: Journal, link: string, { remotePort }: Entry): number | undefined {
  const through = { kind: 'connection.through', link, localPort: Number(remotePort) };
  const connection = journal.latest(through)?.connection;
  return connection === undefined ? undefined : Number(connection);
}
