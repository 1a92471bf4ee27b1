/** What a recogniser of one log format is: data, and a function from a line to what the line says. */
import type { Fields, LogLine } from './line.ts';
import type { ReadLevel } from './record.ts';
import type { WrittenTime } from './times.ts';

/** What a line says. */
export interface Reading extends WrittenTime {
  readonly level: ReadLevel;
  /** The level as it is written. */
  readonly severityText?: string;
  readonly message: string;
  /** What else it says, by the names of the format. */
  readonly fields?: Fields;
}

/** A line, or several, with what has to be read of them; the tests play them. */
export interface LogSample {
  readonly lines: string;
  readonly level: ReadLevel;
  readonly message: string;
  /** Epoch ms, where the stamp names a zone. */
  readonly time?: number;
  readonly fields?: Fields;
}

/** One log format. */
export interface Recogniser {
  /** The name by which it is asked for and reported. */
  readonly id: string;
  /** What writes it, for the table in the docs. */
  readonly writtenBy: string;
  /** What the line says, or undefined if it is not of this format. */
  readonly read: (line: LogLine) => Reading | undefined;
  /**
   * Which lines belong to the record before: `none` (a record is a line), `trace` (indented lines and stack traces), `two`
   * (a record begins with two lines, which `read` takes together, and goes on like `trace`).
   */
  readonly more: 'none' | 'trace' | 'two';
  /** Further lines that belong to the record before, such as unindented frames of a stack. */
  readonly continues?: RegExp;
  /** Records may begin with spaces. */
  readonly indented?: true;
  /** A shape rather than a format: taken only where no format reads the line. */
  readonly fallback?: true;
  readonly samples: readonly LogSample[];
}

/** A format whose lines carry lines of another one: its message is read again, by the format that reads it. */
export type Wrapper = Recogniser;
