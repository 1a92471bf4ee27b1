/**
 * One line of a log as a record: JSON objects with their fields, the usual `2025-11-19 20:00:25 - ERROR - text` with its
 * level, any other text under the level `unknown`.
 */

/** A log record. The service's `msg` is called `message` here; all other fields stay as they are. */
export interface LogRecord {
  readonly level: string;
  readonly message: string;
  /** When it was written, epoch ms of the writer's clock. */
  readonly time?: number;
  readonly event?: string;
  [field: string]: unknown;
}

/** Reads a line without its line end. */
export function parseLogLine(line: string): LogRecord {
  const fields = parseObject(line);
  if (fields === undefined) return parsePlainLine(line);
  const { level, msg, message = msg, ...rest } = fields;
  return {
    ...rest,
    level: typeof level === 'string' ? level : 'unknown',
    message: typeof message === 'string' ? message : '',
  };
}

/** Such a line has its time to the second and in a zone that it does not name, so the time is left out. */
const plainLine =
  /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\S*(?: -)? (DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL) - (.*)$/;

function parsePlainLine(line: string): LogRecord {
  const [, level, message] = plainLine.exec(line) ?? [];
  if (level === undefined || message === undefined) return { level: 'unknown', message: line };
  return { level: levelNames[level] ?? level.toLowerCase(), message };
}

const levelNames: Readonly<Record<string, string>> = { WARNING: 'warn', CRITICAL: 'fatal' };

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
