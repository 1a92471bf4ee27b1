/**
 * The agent's log: one JSON object per line (pino), stamped by the injected clock, with no secret in it and no
 * record so large that it floods the file. A record may lose the middle of a long text, never its cause (R1.8, R4.3).
 */
import pino from 'pino';
import type { Clock } from '../../clock.ts';
import type { Redactor } from './redact.ts';
import { redacted } from './redact.ts';
import { serializeError } from './serialize-error.ts';

/** The levels of the log; what reports call WARNING is `warn`. */
export type Level = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** What belongs to a record beside its message; an `Error` in a field is written out with its causes. */
export type Fields = Readonly<Record<string, unknown>>;

/** Writes records. */
export interface Log {
  write(level: Level, message: string, fields?: Fields): void;
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  fatal(message: string, fields?: Fields): void;
}

/** Takes finished lines, each with its line feed; `LogFile` and every Node stream will do. */
export interface LogSink {
  write(line: string): unknown;
}

/** What a log is made of. */
export interface LogOptions {
  readonly clock: Clock;
  readonly sink: LogSink;
  readonly redactor: Redactor;
  /** Records below this level are not written. @default 'info' */
  readonly level?: Level;
  /** The longest record, in bytes of its line. @default 8192 */
  readonly maxRecordBytes?: number;
}

/** Fields that tell what happened: they are shortened if need be, never left out. */
const keptFields = new Set([
  'event',
  'operation',
  'category',
  'severity',
  'code',
  'definite',
  'cause',
  'err',
  'url',
]);
const longestDepth = 8;
const textLimits = [4_096, 1_024, 256];

/** Opens a log on a sink. */
export function createLog(options: LogOptions): Log {
  const { clock, sink, redactor, level = 'info', maxRecordBytes = 8_192 } = options;
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":${Math.round(clock.now())}`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (serialized) => serialized },
    },
    { write: (line: string) => void sink.write(line) },
  );
  const write = (recordLevel: Level, message: string, fields: Fields = {}): void => {
    if (!logger.isLevelEnabled(recordLevel)) return;
    const record = { message: redactor.text(message), fields: clean(fields, redactor) as Fields };
    const fitted = fitTo(record, maxRecordBytes - envelopeBytes);
    logger[recordLevel](fitted.fields, fitted.message);
  };
  const at =
    (recordLevel: Level) =>
    (message: string, fields?: Fields): void =>
      write(recordLevel, message, fields);
  return {
    write,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  };
}

/** Room for level, time and punctuation. */
const envelopeBytes = 96;

/** A copy that is plain data without secrets. Long texts are searched before they are cut, lest half a secret stays. */
function clean(value: unknown, redactor: Redactor, depth = 0): unknown {
  if (typeof value === 'string') return redactor.text(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return clean(serializeError(value), redactor, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= longestDepth) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => clean(item, redactor, depth + 1));
  if (!isPlain(value))
    return clean('toJSON' in value ? JSON.stringify(value) : String(value), redactor, depth);
  const entries = Object.entries(value).map(([key, inner]) => [
    redactor.text(key),
    redactor.hidesKey(key) ? redacted : clean(inner, redactor, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

/** Plain data is written out; of a socket or a request the log wants no more than its name. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

interface Draft {
  readonly message: string;
  readonly fields: Fields;
}

/** Shortens texts further and further until the record fits; in the end leaves out what is not in `keptFields`. */
function fitTo(draft: Draft, maxBytes: number): Draft {
  if (sizeOf(draft) <= maxBytes) return draft;
  let shorter = draft;
  for (const limit of textLimits) {
    shorter = { message: shorten(draft.message, limit), fields: shortenAll(draft.fields, limit) as Fields };
    if (sizeOf(shorter) <= maxBytes) return shorter;
  }
  const kept = Object.entries(shorter.fields).filter(([key]) => keptFields.has(key));
  const leftOut = Object.keys(shorter.fields).filter((key) => !keptFields.has(key));
  return { message: shorter.message, fields: { ...Object.fromEntries(kept), leftOut: leftOut.slice(0, 20) } };
}

const sizeOf = (draft: Draft): number => Buffer.byteLength(JSON.stringify(draft));

const longestList = 20;

function shortenAll(value: unknown, limit: number): unknown {
  if (typeof value === 'string') return shorten(value, limit);
  if (Array.isArray(value)) return value.slice(0, longestList).map((item) => shortenAll(item, limit));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortenAll(inner, limit)]));
}

/** Takes out the middle: the beginning says what happened, the end has the root cause. */
function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  return `${text.slice(0, half)} [${text.length - 2 * half} characters left out] ${text.slice(-half)}`;
}
