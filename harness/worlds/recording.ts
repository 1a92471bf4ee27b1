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
  const { time, ...rest } = record;
  const facts = { ...(rest as LogRecord & JsonObject), log };
  const { startedAt } = journal;
  const at = typeof time === 'number' ? startedAt + (time - startedAt) * pace : undefined;
  if (source === 'agent') journal.append(source, 'agent.log', facts, at);
  else journal.append(source, 'server.log', facts, at);
}

/** What a poll of the database found, or why it found nothing. */
export function recordRows<Row>(journal: Journal, query: string, result: PollResult<Row>): void {
  journal.append('database', 'database.rows', { query, ...(toJson(result) as PollResult<JsonObject>) });
}

/**
 * What the proxy saw on the wire; what was done to the proxy the lab knows itself. The proxy's durations are real, the
 * journal's are lab time, like all others.
 */
export function recordProxyEvent(journal: Journal, pace: number, event: ProxyEvent): void {
  if (event.connection === undefined) return;
  switch (event.type) {
    case 'open':
      journal.append('proxy', 'connection.open', factsOf(event));
      break;
    case 'upstream-open':
      journal.append('proxy', 'connection.through', factsOf(event));
      break;
    case 'upstream-refused':
      journal.append('proxy', 'connection.refused', factsOf(event));
      break;
    case 'client-hello':
      journal.append('proxy', 'tls.client-hello', factsOf(event));
      break;
    case 'tls-handshake': {
      const durationMs = event.durationMs * pace;
      journal.append('proxy', 'tls.handshake', { ...factsOf(event), durationMs });
      break;
    }
    case 'end':
      journal.append('proxy', 'connection.end', factsOf(event));
      break;
    case 'close':
      journal.append('proxy', 'connection.close', { ...factsOf(event), ageMs: event.ageMs * pace });
      break;
    case 'strike': {
      const { toxic, toxicType, ...facts } = factsOf(event);
      journal.append('proxy', 'fault.strike', { fault: toxic, faultKind: toxicType, ...facts });
      break;
    }
    case 'skip': {
      const { toxic, toxicType, ...facts } = factsOf(event);
      journal.append('proxy', 'fault.skipped', { fault: toxic, faultKind: toxicType, ...facts });
      break;
    }
  }
}

/** What an event tells besides its time and type; the lab's link has the name of the proxy. */
function factsOf<Event extends ConnectionEvent>({ type: _type, at: _at, proxy: link, ...facts }: Event) {
  return { link, ...facts };
}

/** Rows hold dates, and numbers too large for JSON's; entries do not. */
function toJson(value: unknown): Json {
  const plain = (_key: string, item: unknown): unknown => (typeof item === 'bigint' ? String(item) : item);
  return JSON.parse(JSON.stringify(value, plain)) as Json;
}
