/** One line of a log as a record: JSON objects with their fields, any other text under the level `unknown`. */

/** A log record. The service's `msg` is called `message` here; all other fields stay as they are. */
export interface LogRecord {
  level: string;
  message: string;
  /** When it was written, epoch ms of the writer's clock. */
  time?: number;
  event?: string;
  [field: string]: unknown;
}

/** Reads a line without its line end. */
export function parseLogLine(line: string): LogRecord {
  const fields = parseObject(line);
  if (fields === undefined) return { level: 'unknown', message: line };
  const { level, msg, message = msg, ...rest } = fields;
  return {
    ...rest,
    level: typeof level === 'string' ? level : 'unknown',
    message: typeof message === 'string' ? message : '',
  };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
