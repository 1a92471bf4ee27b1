/**
 * What a run is remembered by: one flat record for each thing that happened, on one lab clock. Probes write entries,
 * checks read them, reports show them; nothing else passes between those three.
 */

/** Anything JSON can carry. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

/** Who saw it: the proxy on the wire, a program's own log, a poll of the database, the lab itself. */
export type Source = 'proxy' | 'server' | 'agent' | 'database' | 'process' | 'fault' | 'subject' | 'lab';

/**
 * One thing that happened.
 *
 * | kind | fields |
 * | --- | --- |
 * | `connection.open`, `connection.close` | link, connection; close adds bytesUp, bytesDown, end, by, ageMs |
 * | `toxiproxy.proxy`, `toxiproxy.metrics` | link; what the real Toxiproxy says of its proxy, and counted on it |
 * | `connection.refused` | link, connection, code: the upstream did not take it |
 * | `tls.client-hello`, `tls.handshake` | link, connection; outcome, version, cipher, resumed, chosenAlpn, durationMs, lastStage, roundTrips, handshakeBytesUp, handshakeBytesDown |
 * | `fault.installed`, `fault.strike`, `fault.lifted` | fault (its id in the scenario), faultKind, link, reason; a strike in the proxy adds connection, offset, `reached` |
 * | `fault.skipped` | fault, faultKind, link, connection, reason: what the connection carried that the fault cannot act on |
 * | `server.log`, `agent.log` | log (the file's name), level, message, event and the record's own fields |
 * | `database.rows` | query, rows |
 * | `process.sample`, `process.exit` | rssBytes, fds, sockets; process, code, signal, ranMs |
 * | `subject.note`, `lab.note` | name and what the scenario saw or did |
 */
export interface Entry extends JsonObject {
  /** Number in the journal, from 1, in order of time. */
  readonly n: number;
  /** Lab milliseconds since the journal began. */
  readonly t: number;
  readonly source: Source;
  readonly kind: string;
}

/** Whether the entry proves that the fault struck; one whose peer was gone by then hit nothing. */
export function isStrikeOf(fault: string, entry: Pick<Entry, 'kind'> & Partial<JsonObject>): boolean {
  return entry.kind === 'fault.strike' && entry.fault === fault && entry.reached !== false;
}
