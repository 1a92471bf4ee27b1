/**
 * A log of JSON lines as zerolog writes them, which is what reads Toxiproxy's log: `level`, the fields, `time`,
 * `message`. Levels are chosen as there; `caller`, a line of the program's source, is left out.
 */
import type { Clock } from '../core/clock.ts';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'panic', 'disabled'];

/** A level at which a line can be written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Writes one line, if its level is wanted. */
export type JsonLog = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

interface JsonLogOptions {
  /** `LOG_LEVEL`: a name, or a number from -1; undefined is everything, empty is nothing. */
  readonly level: string | undefined;
  readonly clock: Clock;
  write(line: string): void;
}

/** Begins a log; an unknown level is its first line. */
export function createJsonLog({ level, clock, write }: JsonLogOptions): JsonLog {
  const least = leastLevel(level);
  const log: JsonLog = (lineLevel, message, fields) => {
    if (levels.indexOf(lineLevel) < (least ?? 0)) return;
    const time = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    write(`${JSON.stringify({ level: lineLevel, ...fields, time, message }, errorsAsText)}\n`);
  };
  if (least === undefined) log('error', `Unknown LOG_LEVEL ${JSON.stringify(level)}, logging everything`);
  return log;
}

/** The index of the least level that is written; undefined when `text` is no level. */
function leastLevel(text: string | undefined): number | undefined {
  if (text === undefined) return 0;
  if (text === '') return levels.length;
  if (/^-?\d+$/.test(text)) return Number(text) + 1;
  const index = levels.indexOf(text.toLowerCase());
  return index < 0 ? undefined : index;
}

function errorsAsText(_key: string, value: unknown): unknown {
  return value instanceof Error ? value.message : value;
}
