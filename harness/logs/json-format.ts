/** Recognisers of JSON lines: which keys have the level, the text and the time, and what tells one logger from another. */
import { levelOfSeverity, levelOfTens, levelOfWord } from './levels.ts';
import type { Fields } from './line.ts';
import type { Reading, Recogniser } from './recogniser.ts';
import type { LogLevel, ReadLevel } from './record.ts';
import { readEpoch, readStamp, type WrittenTime } from './times.ts';

/** What a JSON format is told by. A key with dots is a path, where the object has no key of that very name. */
export interface JsonFormat extends Omit<Recogniser, 'read' | 'more' | 'indented' | 'continues'> {
  /** Whether an object is a record of this logger. */
  readonly test: (record: Fields) => boolean;
  /** Keys of the level, the first that the record has. */
  readonly level: readonly string[];
  readonly message: readonly string[];
  readonly time: readonly string[];
  /** Levels of its own; other words and numbers are read as everywhere. */
  readonly levels?: Readonly<Record<string, LogLevel>>;
  /** What a number says. */
  readonly numbers?: (value: number) => ReadLevel;
  /** The level of a record without one. @default 'unknown' */
  readonly usual?: LogLevel;
}

/** Makes the recogniser. All fields but those that become level, message and time stay, under the names that they have. */
export function jsonFormat({
  test,
  level,
  message,
  time,
  levels,
  numbers,
  usual,
  ...facts
}: JsonFormat): Recogniser {
  const keys = { level, message, time };
  return {
    ...facts,
    more: 'none',
    read({ json }) {
      if (json === undefined || !test(json)) return undefined;
      return readRecord(json, keys, (value) => levelBy(value, levels, numbers, usual));
    },
  };
}

function readRecord(
  json: Fields,
  keys: {
    readonly level: readonly string[];
    readonly message: readonly string[];
    readonly time: readonly string[];
  },
  levelFrom: (value: unknown) => ReadLevel,
): Reading {
  const written = first(json, keys.level);
  // The text replaces `message` and `msg`, the level `level`, the time `time`; other keys stay, even where they were read.
  const { level: _level, msg: _msg, message: _message, time: _time, ...fields } = json;
  const text = first(json, keys.message);
  return {
    level: levelFrom(written),
    ...(typeof written === 'string' || typeof written === 'number' ? { severityText: String(written) } : {}),
    message: textOf(text),
    ...timeOf(first(json, keys.time), json.time),
    fields,
  };
}

/** The first value that is there, by keys or paths. */
function first(json: Fields, keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = at(json, key);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The value under a key, or under a path of keys. */
export function at(json: Fields, key: string): unknown {
  if (Object.hasOwn(json, key)) return json[key];
  if (!key.includes('.')) return undefined;
  return key.split('.').reduce<unknown>((value, part) => {
    const isObject = typeof value === 'object' && value !== null;
    return isObject && Object.hasOwn(value, part) ? (value as Fields)[part] : undefined;
  }, json);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}

/**
 * What a value says of the time. A number under `time` is a time as the lab's own programs write it, also where it is too small for
 * an epoch; whose clock any other value is of, whoever follows the log has to know.
 */
function timeOf(value: unknown, underTime: unknown): WrittenTime {
  if (typeof value === 'number') {
    const read = readEpoch(value);
    return value === underTime ? (read ?? { time: value }) : { ...read, stamp: String(value) };
  }
  if (typeof value !== 'string') return {};
  const isEpoch = /^\d{9,}(?:\.\d+)?$/.test(value);
  return isEpoch ? { ...readEpoch(Number(value)), stamp: value } : readStamp(value);
}

function levelBy(
  value: unknown,
  levels: JsonFormat['levels'],
  numbers: JsonFormat['numbers'],
  usual: LogLevel | undefined,
): ReadLevel {
  if (value === undefined) return usual ?? 'unknown';
  if (typeof value === 'number') return (numbers ?? levelOfNumber)(value);
  if (typeof value !== 'string') return 'unknown';
  const word = value.trim();
  const own = levels !== undefined && Object.hasOwn(levels, word) ? levels[word] : levelOfWord(word);
  return own ?? (/^\d{1,5}$/.test(word) ? (numbers ?? levelOfNumber)(Number(word)) : 'unknown');
}

/** A number whose scale nobody tells: syslog's up to 7, then pino's tens, Monolog's hundreds, logback's thousands. */
function levelOfNumber(value: number): ReadLevel {
  if (value <= 7) return levelOfSeverity(value);
  if (value < 100) return levelOfTens(value);
  return value < 1_000 ? monolog(value) : levelOfTens(value / 1_000 + 10);
}

/** Monolog: 100 debug, 200 info, 250 notice, 300 warning, 400 error, 500 critical. */
function monolog(value: number): ReadLevel {
  if (value >= 500) return 'fatal';
  return (['debug', 'info', 'warn', 'error'] as const)[Math.floor(value / 100) - 1] ?? 'unknown';
}
