/**
 * The log of the naive agent: lines of text as in the reports, whatever they contain, repeated as often as it likes.
 *
 *     2025-11-19 20:00:25 - ERROR - Connection broken: ConnectionResetError
 */
import type { Clock } from '../../../clock.ts';
import type { Level, LogSink } from '../../shared/log.ts';

/** Writes lines of text. */
export interface PlainLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const levels: readonly Level[] = ['debug', 'info', 'warn', 'error', 'fatal'];

/** Opens a plain log. Times are UTC, to the second. */
export function createPlainLog(clock: Clock, sink: LogSink, least: Level): PlainLog {
  const at = (level: Level) => (message: string) => {
    if (levels.indexOf(level) < levels.indexOf(least)) return;
    const time = new Date(clock.now()).toISOString().slice(0, 19).replace('T', ' ');
    const word = level === 'warn' ? 'WARNING' : level.toUpperCase();
    sink.write(`${time} - ${word} - ${message}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
