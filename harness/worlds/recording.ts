/**
 * How what the probes see becomes entries of the journal.
 */

import type { ConnectionEvent, ProxyEvent } from 'shaketable-proxy';
import type { Json, JsonObject } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { PollResult } from '../probes/database-poller.ts';
import type { LogRecord } from '../probes/log-reader.ts';

/** Whose log a record is from. */
export interface Writer {
  readonly source: 'agent' | 'server';
  /** The log's name. */
  readonly log: string;
  /** How much faster the lab clock runs than the one that stamps the records: 1 when it is the same. */
  readonly pace: number;
}

/** Log records carry lab time and the name of their log; level, message and event mean the same for agent and server. */
export function recordLog(journal: Journal, { source, log, pace }: Writer, record: LogRecord): void {
  const { time, message, ...fields } = record as JsonObject;
  const { startedAt } = journal;
  const at = typeof time === 'number' ? startedAt + (time - startedAt) * pace : undefined;
  journal.append(source, `${source}.log`, { ...fields, log, message: message ?? '' }, at);
}

/** What a poll of the database found, or why it found nothing. */
export function recordRows<Row>(journal: Journal, query: string, result: PollResult<Row>): void {
  journal.append('database', 'database.rows', { query, ...(toJson(result) as JsonObject) });
}

/**
 * What the proxy saw on the wire; what was done to the proxy the lab knows itself. The proxy's durations are real, the
 * journal's are lab time, like all others.
 */
export function recordProxyEvent(journal: Journal, pace: number, event: ProxyEvent): void {
  if (event.connection === undefined) return;
  const { type, at: _at, proxy: link, ...facts } = event;
  const scaled = Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [key, isDuration(key, value) ? value * pace : value]),
  ) as JsonObject;
  if (type === 'strike' || type === 'skip') {
    const { toxic, toxicType, ...rest } = scaled;
    journal.append('proxy', type === 'strike' ? 'fault.strike' : 'fault.skipped', {
      fault: toxic,
      faultKind: toxicType,
      link,
      ...rest,
    });
  } else {
    journal.append('proxy', entryKinds[type], { link, ...scaled });
  }
}

function isDuration(key: string, value: unknown): value is number {
  return key.endsWith('Ms') && typeof value === 'number';
}

const entryKinds: Readonly<Record<Exclude<ConnectionEvent['type'], 'strike' | 'skip'>, string>> = {
  open: 'connection.open',
  'upstream-open': 'connection.through',
  'upstream-refused': 'connection.refused',
  close: 'connection.close',
  'client-hello': 'tls.client-hello',
  'tls-handshake': 'tls.handshake',
};

/** Rows hold dates, and numbers too large for JSON's; entries do not. */
function toJson(value: unknown): Json {
  const plain = (_key: string, item: unknown): unknown => (typeof item === 'bigint' ? String(item) : item);
  return JSON.parse(JSON.stringify(value, plain)) as Json;
}
