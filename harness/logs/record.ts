/** What a log is read into: records with a level that all programs share, whatever they call it themselves. */

/** The levels of a record, from the least to the most severe. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

/** The level of a record that names none, or that nothing could read. */
export type ReadLevel = LogLevel | 'unknown';

/** A log record. The program's `msg` is called `message` here; all other fields of its own stay as they are. */
export interface LogRecord {
  readonly level: string;
  /** The text, with the lines that belong to it: a stack trace, a wrapped message. */
  readonly message: string;
  /** When it was written, epoch ms of the writer's clock; missing where the record names no time or no zone. */
  readonly time?: number;
  /** The time as it is written, where that is text, or a number that is not called `time`. */
  readonly stamp?: string;
  /** The level as it is written, where that is not `level` itself (OpenTelemetry's log data model, SeverityText). */
  readonly severityText?: string;
  /** Bytes of its lines that were left out, because a line was too long. */
  readonly cutBytes?: number;
  /** It goes on from the record before, which had too many lines. */
  readonly continued?: boolean;
  readonly event?: string;
  [field: string]: unknown;
}
