/**
 * Which connection of a link a server means. It sees another proxy as its peer, whose port ours does not know, so the
 * handshakes are compared: the server completes one at the moment in which the client's last word of it passes ours.
 */
import type { Entry } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { valueAt } from '../journal/matcher.ts';

/** The connection that the record's `remotePort` belongs to; undefined when no handshake of the link can be it. */
export function connectionByHandshake(journal: Journal, link: string, record: Entry): number | undefined {
  const remotePort = Number(valueAt(record, 'remotePort'));
  const meant = journal.latest({ kind: 'server.log', event: 'tls_handshake', remotePort });
  if (!meant) return undefined;
  const passed = journal.all({ kind: 'tls.handshake', outcome: 'complete', link });
  const [nearest] = passed.toSorted((a, b) => Math.abs(a.t - meant.t) - Math.abs(b.t - meant.t));
  return nearest?.kind === 'tls.handshake' ? nearest.connection : undefined;
}
