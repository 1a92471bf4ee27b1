/**
 * From the words and numbers that programs write to the levels of the lab. Where loggers differ, the mapping is that of
 * OpenTelemetry's log data model (appendix B), but for syslog's `crit` and `alert`, which the lab calls fatal.
 */
import { type LogLevel, logLevels, type ReadLevel } from './record.ts';

/** The words of each level, in lower case. */
const words: Readonly<Record<LogLevel, readonly string[]>> = {
  trace: ['trace', 'trac', 'trc', 'trce', 'finest', 'silly', 'verbose', 'vrb', 'verb', 'all', 't', 'v'],
  debug: ['debug', 'debu', 'dbg', 'dbug', 'debg', 'fine', 'finer', 'config', 'spam', 'd'],
  info: ['info', 'inf', 'information', 'informational', 'notice', 'note', 'success', 'system', 'log', 'i'],
  warn: ['warn', 'warning', 'wrn', 'warnin', 'warnings', 'w'],
  error: ['error', 'err', 'erro', 'eror', 'severe', 'fail', 'failure', 'e'],
  fatal: [
    'fatal',
    'fata',
    'ftl',
    'critical',
    'crit',
    'crt',
    'alert',
    'emerg',
    'emergency',
    'panic',
    'pani',
    'pnc',
    'dpanic',
    'f',
    'c',
  ],
};

const byWord: ReadonlyMap<string, LogLevel> = new Map(
  logLevels.flatMap((level) => words[level].map((word) => [word, level] as const)),
);

/** Go's slog names levels between its own by their distance: `DEBUG-4`, `INFO+2`. */
const distant = /^(DEBUG|INFO|WARN|ERROR)([+-]\d{1,4})$/;
const slogBases = { DEBUG: -4, INFO: 0, WARN: 4, ERROR: 8 } as const;

/** The level that a word means, in any case; undefined for other words. */
export function levelOfWord(word: string): LogLevel | undefined {
  const known = byWord.get(word.toLowerCase());
  if (known !== undefined) return known;
  const [, base, offset] = distant.exec(word) ?? [];
  if (base === undefined) return undefined;
  const value = slogBases[base as keyof typeof slogBases] + Number(offset);
  return logLevels[Math.min(5, Math.max(0, Math.floor(value / 4) + 2))];
}

/** Whether a word stands for a level by itself: single letters, `log`, `all`, `system` and the like do not. */
export function isLevelName(word: string): boolean {
  return word.length > 2 && !vague.has(word.toLowerCase()) && levelOfWord(word) !== undefined;
}

const vague: ReadonlySet<string> = new Set([
  'all',
  'log',
  'system',
  'note',
  'fine',
  'config',
  'spam',
  'fail',
  'failure',
  'success',
]);

/** pino, bunyan and Monolog by tens, hundreds or thousands: 10 is trace, 60 fatal; a level between counts as the lower one. */
export function levelOfTens(value: number): LogLevel {
  return logLevels[Math.min(5, Math.max(0, Math.floor(value / 10) - 1))] ?? 'trace';
}

/** Syslog's severity, 0 to 7 (RFC 5424, section 6.2.1). */
export function levelOfSeverity(severity: number): ReadLevel {
  return severities[severity] ?? 'unknown';
}

const severities: readonly LogLevel[] = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'];
