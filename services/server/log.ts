/**
 * One form of log record for all of the server: a JSON object a line, with `level` as a word, `time` in epoch
 * milliseconds of the clock that the server runs on, `msg`, usually `event`, and flat fields. Errors are reduced
 * to type, message, code and stack, so that nothing a library hung on them (a query, a request head) reaches the
 * log.
 */
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Clock } from '../clock.ts';

export type { Logger } from 'pino';

export const logLevels = Object.freeze([
  'trace',
  'debug',
  'info',
  'warn',
  'error',
  'fatal',
  'silent',
] as const);

export type LogLevel = (typeof logLevels)[number];

/**
 * Where records go, one a call: a stream or the like, or the path of a file that is appended to. Default: standard
 * output.
 */
export type LogDestination = string | { write(line: string): unknown };

export interface LogOptions {
  readonly clock: Clock;
  readonly level: LogLevel;
  readonly destination?: LogDestination | undefined;
}

export interface OpenLog {
  readonly log: Logger;
  /** Closes the file, if the log goes to one that it opened. */
  close(): void;
}

/** Opens a log in the server's form. Each record is written before the call returns when it goes to a file. */
export function openLog({ clock, level, destination }: LogOptions): OpenLog {
  const sink = openSink(destination);
  const log = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":${Math.round(clock.now())}`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    sink.stream,
  );
  return { log, close: sink.close };
}

function openSink(destination: LogDestination | undefined): { stream: DestinationStream; close(): void } {
  if (destination === undefined)
    return { stream: pino.destination({ dest: 1, sync: true }), close: () => {} };
  if (typeof destination !== 'string') return { stream: destination, close: () => {} };
  const file = pino.destination({ dest: destination, sync: true, mkdir: true });
  let open = true;
  return {
    // A socket can fail after the server has stopped; its record then has no destination.
    stream: { write: (line) => void (open && file.write(line)) },
    close() {
      open = false;
      file.end();
    },
  };
}

/** What a log record keeps of an error: its kind, message, code and stack, and the same of its cause. */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  return {
    type: error.name,
    message: error.message,
    code: 'code' in error ? error.code : undefined,
    stack: error.stack,
    cause: error.cause === undefined ? undefined : describeError(error.cause),
  };
}
