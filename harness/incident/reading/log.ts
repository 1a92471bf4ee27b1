/** A log as events: its records by the recognisers of the lab, their words by words.ts, their times on the clock of the source. */
import { LogLines } from '../../logs/log-lines.ts';
import type { LogRecord } from '../../logs/record.ts';
import type { Names } from '../../names/names.ts';
import type { IncidentEvent, Side, Told } from '../event.ts';
import { SourceClock } from './clock.ts';
import type { FileLine } from './lines.ts';
import { type IncidentSource, mostEvents } from './source.ts';
import { Unwrapping } from './unwrapping.ts';
import { operationOf, toldBy } from './words.ts';

/** Characters of a record in which events are looked for: its beginning, and the end, where causes are. */
const [longestHead, longestTail] = [6_000, 2_000];
const longestQuote = 300;

/** How a log is read. */
export interface LogOptions {
  readonly name: string;
  readonly names: Names;
  /** Whose it is, where that is known; else it is told by its records. */
  readonly side?: Side;
  /** The number of the first line in the file that it is part of. @default 1 */
  readonly firstLine?: number;
}

/** Reads a log to its end. Events are bounded; what is left out is told. */
export async function readIncidentLog(
  lines: AsyncIterable<FileLine> | Iterable<FileLine>,
  options: LogOptions,
): Promise<IncidentSource> {
  const reading = new LogReading(options);
  for await (const line of lines) reading.line(line);
  return reading.end();
}

class LogReading {
  readonly #options: LogOptions;
  readonly #clock = new SourceClock();
  readonly #lines: LogLines;
  readonly #unwrapping = new Unwrapping();
  readonly #found: {
    readonly told: Told;
    readonly t: number | undefined;
    readonly line: number;
    readonly quote: string;
  }[] = [];
  #line = 0;
  #read = 0;
  #timed = 0;
  #untimed = 0;
  #left = 0;
  #cut = 0;
  #unreadable = 0;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#lines = new LogLines({
      onRecord: (record, line) => this.#record(record, line),
      now: () => this.#line,
      most: { records: Number.POSITIVE_INFINITY, text: Number.POSITIVE_INFINITY },
    });
  }

  line({ text, number, cut }: FileLine): void {
    this.#read += 1;
    this.#line = number + (this.#options.firstLine ?? 1) - 1;
    if (cut > 0) this.#cut += 1;
    if (text.includes('\uFFFD')) this.#unreadable += 1;
    for (const whole of this.#unwrapping.push({ text, cut })) this.#lines.line(whole.text, whole.cut);
  }

  end(): IncidentSource {
    for (const { text, cut } of this.#unwrapping.end()) this.#lines.line(text, cut);
    this.#lines.flush();
    const { format } = this.#lines.share();
    const side = this.#options.side ?? this.#sideByRecords(format);
    const source = this.#options.name;
    const events = this.#found.map(
      ({ told, t, line, quote }): IncidentEvent => ({
        ...told,
        ...(t === undefined ? {} : { t }),
        source,
        side,
        line,
        quote,
      }),
    );
    return {
      name: source,
      format: format === 'unknown' ? 'text' : `${format} log`,
      side,
      events,
      read: this.#read,
      timed: this.#timed,
      untimed: this.#untimed,
      notes: this.#notes(),
    };
  }

  #record(record: LogRecord, line: number): void {
    const t = this.#clock.read(record);
    if (t === undefined) this.#untimed += 1;
    else this.#timed += 1;
    const told = toldByRecord(record);
    if (told.length === 0) return;
    if (this.#found.length >= mostEvents) {
      this.#left += told.length;
      return;
    }
    const quote = quoteOf(record, this.#options.names);
    for (const one of told) this.#found.push({ told: this.#withoutNames(one), t, line, quote });
  }

  #withoutNames(told: Told): Told {
    const { peer, identity, operation } = told;
    const { names } = this.#options;
    return {
      ...told,
      ...(operation === undefined ? {} : { operation: names.replace(operation) }),
      ...(peer === undefined ? {} : { peer: names.of('peer', peer) }),
      ...(identity === undefined ? {} : { identity: names.of('identity', identity) }),
    };
  }

  /** A log of requests with their answers, and of no failure to reach somebody, is the server’s. */
  #sideByRecords(format: string): Side {
    if (/access-log|nginx|apache|uvicorn|gunicorn/.test(format)) return 'server';
    const isOfRequests = this.#found.some(({ told }) => told.kind === 'request');
    const failedToReach = ['reset', 'refused', 'timeout', 'dns', 'tls', 'retry', 'gave-up'];
    const isOfClient = this.#found.some(({ told }) => failedToReach.includes(told.kind));
    return isOfRequests && !isOfClient ? 'server' : 'client';
  }

  #notes(): string[] {
    const { backSteps, backMostMs } = this.#clock;
    const notes: string[] = [];
    if (backSteps > 0)
      notes.push(
        `its clock goes back ${times(backSteps)}, by ${Math.round(backMostMs / 1_000)} s at most; gaps there are not counted`,
      );
    if (this.#cut > 0) notes.push(`${this.#cut} lines are longer than 65,536 characters and were cut`);
    if (this.#unreadable > 0) notes.push(`${this.#unreadable} lines have characters that are not UTF-8`);
    if (this.#left > 0)
      notes.push(`${this.#left} more events came after the first ${mostEvents} and were only counted`);
    if (this.#timed === 0 && this.#found.length > 0)
      notes.push('no record tells the time: periods and waits cannot be measured');
    return notes;
  }
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** A line of a program rather than of its log: it says what would be done. */
const code =
  /^\s*(?:(?:if|for|while|switch|catch|except|elif|throw|raise|return|import|from|const|let|var|def|func|fn|class|export|assert|case)\b.*[;:{}),\]]\s*$|\/\/ )|===|=> ?\{|\bnew \w+\(.*\);/;

/** The events of one record. An access log has its request in fields; what failed may stand in an error’s own. */
export function toldByRecord(record: LogRecord): readonly Told[] {
  const exchange = exchangeOf(record);
  if (exchange !== undefined) return [exchange];
  if (record.level === 'unknown' && code.test(record.message.split('\n', 1)[0] ?? '')) return [];
  return toldBy(textOf(record), record.level).map((told) => withFields(told, record));
}

/** A record of a request and its answer, by its fields. */
function exchangeOf(record: LogRecord): Told | undefined {
  const request = objectIn(record, ['req', 'request', 'http', 'httpRequest', 'http_request']) ?? {};
  const answer = objectIn(record, ['res', 'response']) ?? {};
  const http = { ...record, ...request };
  const method = textIn(http, ['method', 'requestMethod', 'http_method', 'verb']);
  const path = textIn(http, ['path', 'url', 'uri', 'requestUrl', 'route', 'target']);
  const status = numberIn({ ...http, ...answer }, [
    'status',
    'statusCode',
    'status_code',
    'http_status',
    'code',
  ]);
  if (method === undefined || path === undefined || status === undefined || status < 100 || status > 599)
    return undefined;
  const durationMs = numberIn({ ...http, ...answer }, [
    'durationMs',
    'responseTime',
    'duration_ms',
    'elapsed_ms',
    'latency_ms',
  ]);
  const peer = textIn(http, [
    'machineId',
    'client_id',
    'agentId',
    'client',
    'remote_addr',
    'remoteAddress',
    'ip',
  ]);
  const identity = [
    'sequence',
    'operationId',
    'operation_id',
    'messageId',
    'message_id',
    'idempotencyKey',
    'idempotency_key',
    'reportId',
  ]
    .map((name) => (record as Record<string, unknown>)[name])
    .find((value) => typeof value === 'string' || typeof value === 'number');
  return {
    kind: 'request',
    ...(identity === undefined ? {} : { identity: String(identity) }),
    operation: operationOf(method, path.replace(/^[a-z]+:\/\/[^/]+/i, '')),
    status,
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(peer === undefined || peer === '-' ? {} : { peer }),
    ...(record.effect === 'duplicate' ? { detail: 'duplicate' } : {}),
  };
}

/** What the record’s own fields say better than its text. */
function withFields(told: Told, record: LogRecord): Told {
  if (told.kind !== 'retry') return told;
  const attempt = numberIn(record, ['attempt', 'retry', 'retries', 'try']);
  const attempts = numberIn(record, ['attempts', 'maxAttempts', 'max_attempts', 'maxRetries']);
  const delayMs = numberIn(record, ['delayMs', 'delay_ms', 'waitMs', 'backoffMs', 'backoff_ms', 'retryInMs']);
  return {
    ...told,
    ...(attempt === undefined ? {} : { attempt }),
    ...(attempts === undefined ? {} : { attempts }),
    ...(delayMs === undefined ? {} : { delayMs }),
  };
}

/** The fields in which programs say what failed. */
const tellingFields =
  /^(?:err|error|errors?|exception|exc_info|cause|reason|code|errno|err_?code|detail|details|stack|msg|event|name|type|close_?code|status(?:_?code)?|url|method|path|lost|category)$/i;

function textOf(record: LogRecord): string {
  const parts = [record.message];
  for (const [name, value] of Object.entries(record))
    if (tellingFields.test(name) && name !== 'message') collect(value, parts, name);
  const text = parts.join(' ');
  if (text.length <= longestHead + longestTail) return text;
  return `${text.slice(0, longestHead)} … ${text.slice(-longestTail)}`;
}

/** Texts and numbers in a field, not too deep. */
function collect(value: unknown, parts: string[], name: string, depth = 0): void {
  if (parts.length > 60 || depth > 4) return;
  if (typeof value === 'string') parts.push(value.slice(0, longestTail));
  else if (typeof value === 'number') parts.push(`${name}=${value}`);
  else if (typeof value === 'object' && value !== null)
    for (const [inner, part] of Object.entries(value)) collect(part, parts, inner, depth + 1);
}

/** Its first line, and the last that tells why; names are replaced before anything is cut in two. */
function quoteOf(record: LogRecord, names: Names): string {
  const [first = '', ...rest] = record.message.split('\n');
  const said = names.replace(beginOf(first));
  const level = record.level === 'unknown' ? '' : `${record.severityText ?? record.level} `;
  const when = record.stamp ?? dateText(record.time);
  return `${when} ${level}${said}${rest.length === 0 ? ownCause(record, said, names) : lastCause(rest, names)}`
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, longestQuote);
}

/** Nothing for a number that is no moment (ECMA-262, time values). */
const dateText = (time: number | undefined): string =>
  time === undefined || Math.abs(time) > 8.64e15 ? '' : new Date(time).toISOString();

/** What may be quoted of a text, and no part of a word. */
const beginOf = (text: string): string =>
  text.length <= 2 * longestQuote ? text : text.slice(0, 2 * longestQuote).replace(/[^\s,;&]+$/, '…');

function lastCause(lines: readonly string[], names: Names): string {
  const at = lines.findLastIndex((line) => toldBy(line, 'error').length > 0);
  if (at === -1) return '';
  // What a value is stands on the line before, where it was broken.
  const both = names.replace(`${beginOf(lines[at - 1] ?? '')}\n${beginOf(lines[at] ?? '')}`).split('\n');
  return ` … ${(both.length > 1 ? both.at(-1) : both[0])?.trim()}`;
}

function ownCause(record: LogRecord, message: string, names: Names): string {
  const parts: string[] = [];
  for (const name of ['err', 'error', 'cause', 'exception', 'method', 'path', 'status'])
    if (record[name] !== undefined) collect(shallow(record[name], names, name), parts, name);
  const more = parts.filter((part) => !message.includes(part)).join(' ');
  return more === '' ? '' : ` · ${more.split('\n')[0]?.slice(0, longestQuote)}`;
}

/** What an error says of itself; what it drags along, such as a request with its headers, is nobody’s business. */
function shallow(value: unknown, names: Names, field: string): unknown {
  if (typeof value !== 'object' || value === null) return names.replaceIn(value, field);
  const own = Object.entries(value).filter(
    ([, part]) => typeof part === 'string' || typeof part === 'number',
  );
  return names.replaceIn(Object.fromEntries(own.map(([name, part]) => [name, short(part)])));
}

const short = (part: unknown): unknown => (typeof part === 'string' ? beginOf(part) : part);

function objectIn(record: object, names: readonly string[]): Record<string, unknown> | undefined {
  for (const name of names) {
    const value = (record as Record<string, unknown>)[name];
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  }
  return undefined;
}

function textIn(record: object, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = (record as Record<string, unknown>)[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function numberIn(record: object, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = (record as Record<string, unknown>)[name];
    if (typeof value === 'number') return value;
    if (typeof value === 'string' && /^\d{1,9}(?:\.\d+)?$/.test(value)) return Number(value);
  }
  return undefined;
}
