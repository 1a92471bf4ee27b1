/**
 * A HAR file as a source of an incident: exchanges with their status, times and failures. Exporters differ, so every field may be missing
 * or of another type; bodies are never read, and nested data are left out while the file is read.
 */
import { createReadStream } from 'node:fs';
import type { Names } from '../../names/names.ts';
import type { IncidentEvent, Told } from '../event.ts';
import { type IncidentSource, mostEvents } from './source.ts';
import { operationOf, toldBy } from './words.ts';

/** What of an entry is kept while its text is read: strings of bodies are longer than this, and are cut. */
const longestString = 4_096;
const longestEntry = 1024 * 1024;

/** Whether these are the first characters of a HAR file. */
export const isHar = (head: string): boolean =>
  /^\uFEFF?\s*\{\s*"log"\s*:\s*\{/.test(head) ||
  (/^\uFEFF?\s*\{/.test(head) &&
    /"(?:creator|entries|browser|pages)"\s*:/.test(head) &&
    /"(?:startedDateTime|entries)"\s*:/.test(head));

/** How a HAR file is read. */
interface HarOptions {
  readonly name: string;
  readonly names: Names;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly signal?: AbortSignal;
}

/** Reads a HAR file. Memory is bounded by one entry without its bodies. */
export async function readHar(
  path: string,
  { name, names, encoding, signal }: HarOptions,
): Promise<IncidentSource> {
  const stream = createReadStream(path, { highWaterMark: 256 * 1024, ...(signal && { signal }) });
  const decoder = new TextDecoder(encoding);
  const events: IncidentEvent[] = [];
  const notes: string[] = [];
  const scanner = new EntryScanner();
  let read = 0;
  let broken = 0;
  let left = 0;
  const take = (text: string | undefined): void => {
    read += 1;
    const entry = text === undefined ? undefined : parse(text);
    if (entry === undefined) broken += 1;
    else
      for (const told of toldByEntry(entry)) {
        if (events.length >= mostEvents) left += 1;
        else
          events.push({
            ...told.told,
            ...(told.told.operation && { operation: names.replace(told.told.operation) }),
            ...(told.t === undefined ? {} : { t: told.t }),
            source: name,
            side: 'client',
            line: read,
            quote: names.replace(told.words).slice(0, 300),
          });
      }
  };
  for await (const chunk of stream)
    for (const text of scanner.push(decoder.decode(chunk as Buffer, { stream: true }))) take(text);
  const seen = withTimeOuts(events);
  if (scanner.isOpen) notes.push('it is cut off in the midst of an entry; that one is left out');
  if (broken > 0) notes.push(`${broken} entries are damaged or too long, and are left out`);
  if (left > 0) notes.push(`${left} more events came after the first ${mostEvents} and were only counted`);
  if (scanner.cutStrings > 0) notes.push(`${scanner.cutStrings} long texts, such as bodies, were not read`);
  const timed = seen.filter(({ t }) => t !== undefined).length;
  return {
    name,
    format: 'HAR',
    side: 'client',
    events: seen,
    read,
    timed,
    untimed: seen.length - timed,
    notes,
  };
}

/** So many requests that are given up after the same time show a time-out; below the shortest, time is not measured well enough. */
const [leastGivenUp, shortestTimeOutMs, mostApart] = [3, 100, 1.1];

/**
 * A page's own time-out ends a request as `net::ERR_ABORTED`, as leaving the page does, or without a word. Where all that were given up
 * took the same time, it was a time-out.
 */
function withTimeOuts(events: readonly IncidentEvent[]): readonly IncidentEvent[] {
  const isGivenUp = ({ kind, quote }: IncidentEvent): boolean =>
    kind === 'failed' && /aborted|no reason/i.test(quote);
  const took = events.filter(isGivenUp).map(({ durationMs = 0 }) => durationMs);
  const sorted = took.toSorted((a, b) => a - b);
  const [shortest = 0, longest = 0] = [sorted[0], sorted.at(-1)];
  const isSame =
    took.length >= leastGivenUp && shortest >= shortestTimeOutMs && longest <= shortest * mostApart;
  if (!isSame) return events;
  return events.map((event) =>
    isGivenUp(event)
      ? { ...event, kind: 'timeout', detail: 'read', afterMs: Math.round(event.durationMs ?? 0) }
      : event,
  );
}

/** Finds the objects in the array `entries`, one character at a time, and cuts long strings out of them. */
class EntryScanner {
  /** How many strings were cut. */
  cutStrings = 0;
  #depth = 0;
  #entriesDepth: number | undefined;
  #quoted = false;
  #escaped = false;
  #string = '';
  #stringLength = 0;
  #lastString = '';
  #text = '';
  #tooLong = false;

  /** Whether the text ended within an entry. */
  get isOpen(): boolean {
    return this.#entriesDepth !== undefined && (this.#depth > this.#entriesDepth || this.#quoted);
  }

  *push(chunk: string): Generator<string | undefined> {
    for (let at = 0; at < chunk.length; at += 1) {
      const character = chunk[at] ?? '';
      if (this.#quoted) this.#inString(character);
      else if (character === '"') this.#begin();
      else if (character === '{' || character === '[') this.#open(character);
      else if (character === '}' || character === ']') {
        const done = this.#close(character);
        if (done !== false) yield done;
      } else this.#keep(character);
    }
  }

  get #inEntry(): boolean {
    return this.#entriesDepth !== undefined && this.#depth > this.#entriesDepth;
  }

  #begin(): void {
    this.#quoted = true;
    this.#string = '';
    this.#stringLength = 0;
  }

  #inString(character: string): void {
    if (this.#escaped) this.#escaped = false;
    else if (character === '\\') this.#escaped = true;
    else if (character === '"') {
      this.#quoted = false;
      this.#lastString = this.#string.slice(0, 32);
      const isCut = this.#stringLength > longestString;
      if (isCut) this.cutStrings += 1;
      this.#keep(`"${isCut ? withoutHalfEscape(this.#string) : this.#string}"`);
      return;
    }
    this.#stringLength += 1;
    if (this.#stringLength <= longestString) this.#string += character;
  }

  #open(character: string): void {
    if (character === '[' && this.#entriesDepth === undefined && this.#lastString === 'entries') {
      this.#depth += 1;
      this.#entriesDepth = this.#depth;
      return;
    }
    this.#depth += 1;
    this.#keep(character);
  }

  /** The text of an entry that ends here; false for any other end. */
  #close(character: string): string | undefined | false {
    this.#keep(character);
    if (this.#entriesDepth !== undefined && this.#depth === this.#entriesDepth) {
      this.#entriesDepth = undefined;
      this.#lastString = '';
      this.#depth -= 1;
      return false;
    }
    this.#depth -= 1;
    if (this.#entriesDepth === undefined || this.#depth !== this.#entriesDepth) return false;
    const text = this.#tooLong ? undefined : this.#text;
    this.#text = '';
    this.#tooLong = false;
    return text;
  }

  #keep(character: string): void {
    if (!this.#inEntry) return;
    if (this.#text.length > longestEntry) {
      this.#tooLong = true;
      this.#text = '';
    } else if (!this.#tooLong) this.#text += character;
  }
}

/** What was cut in the midst of an escape would escape the end. */
function withoutHalfEscape(text: string): string {
  const [backslashes = ''] = /\\*$/.exec(text) ?? [];
  const whole = backslashes.length % 2 === 0 ? text : text.slice(0, -1);
  return whole.replace(/\\u[0-9a-fA-F]{0,3}$/, '');
}

interface ToldByEntry {
  readonly told: Told;
  readonly t: number | undefined;
  readonly words: string;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.trim().replace(/^,/, ''));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What an exchange tells: its answer, or why there is none, at the time at which that was known. */
function toldByEntry(entry: Record<string, unknown>): ToldByEntry[] {
  const request = isObject(entry.request) ? entry.request : {};
  const response = isObject(entry.response) ? entry.response : {};
  const method = typeof request.method === 'string' ? request.method : 'GET';
  const path = pathOf(request.url);
  const operation = operationOf(method, path);
  const status = Number(response.status ?? 0);
  const durationMs = Number(entry.time);
  const begun = Date.parse(String(entry.startedDateTime));
  const tookMs = Number.isFinite(durationMs) && durationMs >= 0 ? durationMs : undefined;
  const t = Number.isFinite(begun) ? begun + (tookMs ?? 0) : undefined;
  const took = tookMs === undefined ? {} : { durationMs: tookMs };
  if (status >= 100 && status <= 599)
    return [
      {
        told: { kind: 'request', operation, status, ...took },
        t,
        words: `${operation} → ${status}${tookMs === undefined ? '' : ` after ${Math.round(tookMs)} ms`}`,
      },
    ];
  const why = [
    response._error,
    response._failureText,
    response.statusText,
    response._errorMessage,
    entry._error,
    entry._errorMessage,
    entry.comment,
    response.comment,
    response._fetchedViaServiceWorkerError,
  ]
    .filter((text) => typeof text === 'string' && text !== '')
    .join(' ');
  const words = `${operation} failed: ${why === '' ? 'no answer, and no reason is given' : why}`;
  const told = toldBy(browserWords(why), 'error').filter(({ kind }) => kind !== 'request');
  const first = told[0] ?? { kind: 'failed' as const };
  return [
    {
      told: {
        ...first,
        operation,
        ...(first.kind === 'timeout' && tookMs !== undefined && !isTimeOfSending(entry)
          ? { afterMs: tookMs }
          : {}),
        ...took,
      },
      t,
      words,
    },
  ];
}

/** Whether the time of an exchange ends where the wait for its answer begins, as mitmproxy has it of one without an answer. */
const isTimeOfSending = ({ timings }: Record<string, unknown>): boolean =>
  isObject(timings) && timings.wait === 0;

/** The names that browsers, and mitmproxy, have for failures of the network. */
function browserWords(text: string): string {
  return (
    text
      .replace(/net::ERR_CONNECTION_REFUSED|NS_ERROR_CONNECTION_REFUSED/g, 'ECONNREFUSED')
      .replace(
        /net::ERR_(?:CONNECTION_RESET|EMPTY_RESPONSE|CONNECTION_CLOSED|SOCKET_NOT_CONNECTED)|NS_ERROR_NET_(?:RESET|INTERRUPT|PARTIAL_TRANSFER)/g,
        'ECONNRESET',
      )
      .replace(/net::ERR_CONNECTION_TIMED_OUT/g, 'connect ETIMEDOUT')
      // Who leaves before the answer comes has waited long enough.
      .replace(/net::ERR_TIMED_OUT|NS_ERROR_NET_TIMEOUT|^Client disconnected\.?$/g, 'timed out')
      .replace(/net::ERR_NAME_NOT_RESOLVED|NS_ERROR_UNKNOWN_HOST/g, 'ENOTFOUND')
      .replace(/net::ERR_CERT_DATE_INVALID|SEC_ERROR_EXPIRED_CERTIFICATE/g, 'CERT_HAS_EXPIRED')
      .replace(
        /net::ERR_CERT_AUTHORITY_INVALID|SEC_ERROR_UNKNOWN_ISSUER|MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT/g,
        'self-signed certificate',
      )
      .replace(/net::ERR_CERT_COMMON_NAME_INVALID|SSL_ERROR_BAD_CERT_DOMAIN/g, 'hostname mismatch')
      .replace(/net::ERR_SSL_PROTOCOL_ERROR|SSL_ERROR_RX_RECORD_TOO_LONG/g, 'wrong version number')
      .replace(/net::ERR_SSL_\w+|PR_END_OF_FILE_ERROR|PR_CONNECT_RESET_ERROR/g, 'TLS handshake failed')
  );
}

function pathOf(url: unknown): string {
  if (typeof url !== 'string') return '/';
  return url.replace(/^[a-z][\w+.-]*:\/\/[^/?#]*/i, '') || '/';
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
