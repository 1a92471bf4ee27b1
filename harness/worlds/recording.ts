/**
 * How what the probes see becomes entries of the journal.
 */

import type { ConnectionEvent, ProxyEvent } from 'shaketable-proxy';
import type { Json, JsonObject } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { LogShare } from '../logs/log-lines.ts';
import type { LogRecord } from '../logs/record.ts';
import { isExact } from '../logs/times.ts';
import type { PollResult } from '../probes/database-poller.ts';

/** Whose log a record is from. */
export interface Writer {
  readonly source: 'agent' | 'server';
  /** The log's name. */
  readonly log: string;
  /** How much faster the lab clock runs than the one that stamps the records: 1 when it is the same. */
  readonly pace: number;
  /** The scenario says which clock stamps the records. */
  readonly isClockKnown: boolean;
}

/**
 * Log records carry lab time and the name of their log; level, message and event mean the same for agent and server. A number under
 * `time` is the record's time, and so is an exact stamp of a clock that is known; any other record is of the time at which it was seen.
 */
export function recordLog(
  journal: Journal,
  { source, log, pace, isClockKnown }: Writer,
  { time, ...record }: LogRecord,
  seenAt: number,
): void {
  const facts = { ...apart(record as LogRecord & JsonObject), log };
  const { startedAt } = journal;
  const isPlaced =
    time !== undefined && (record.stamp === undefined || (isClockKnown && isExact({ ...record, time })));
  const at = isPlaced ? startedAt + (time - startedAt) * pace : seenAt;
  if (source === 'agent') journal.append(source, 'agent.log', facts, at);
  else journal.append(source, 'server.log', facts, at);
}

/** Fields of the program's own that have the name of one of the entry's are kept under `own`. */
function apart(record: LogRecord & JsonObject): LogRecord & JsonObject {
  const taken = ['n', 't', 'source', 'kind', 'log'].filter((field) => record[field] !== undefined);
  if (taken.length === 0) return record;
  const own = Object.fromEntries(taken.map((field) => [field, record[field]]));
  return { ...record, own };
}

/** Which format a log had, once it has ended. A log without a line has none. */
export function recordFormat(
  journal: Journal,
  { of, log }: { readonly of: 'agent' | 'server' | 'process'; readonly log: string },
  { format, lines, read, unread, others, cut, leftOut }: LogShare,
): void {
  if (lines === 0) return;
  journal.append('lab', 'log.format', {
    of,
    log,
    format,
    lines,
    read,
    unread,
    ...(Object.keys(others).length === 0 ? {} : { others }),
    ...(cut === 0 ? {} : { cut }),
    ...(leftOut === 0 ? {} : { leftOut }),
  });
}

/** What a poll of the database found, or why it found nothing. */
export function recordRows<Row>(journal: Journal, query: string, result: PollResult<Row>): void {
  journal.append('database', 'database.rows', { query, ...(toJson(result) as PollResult<JsonObject>) });
}

/**
 * What the proxy saw on the wire; what was done to the proxy the lab knows itself. The proxy's durations are real, the
 * journal's are lab time, like all others.
 */
export function recordProxyEvent(journal: Pick<Journal, 'append'>, pace: number, event: ProxyEvent): void {
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
