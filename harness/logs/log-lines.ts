/**
 * The records of a log, out of its lines. A record of a format without further lines is given at once; any other when the next
 * one begins, when the log has been quiet, or at its end. Memory is bounded: a record has so many lines and so much text, and what
 * follows is the next record.
 */
import { cleanLine } from './clean-line.ts';
import type { FormatShare } from './line-counts.ts';
import { LineReader } from './line-reader.ts';
import type { Reading, Recogniser } from './recogniser.ts';
import type { LogRecord } from './record.ts';

/** Lines of one record. */
const mostLines = 500;
/** Characters of one record: the longest line, and as much again. */
const mostText = 128 * 1024;
/** Records of one log, and characters of them all, that anybody could want to look through; what follows is counted. */
const mostOfLog = { records: 100_000, text: 64 * 1024 * 1024 };
/** Calls of `settle` without a line in between, after which nothing more is expected of a record. */
const quietCalls = 2;

/** Where records go. */
export interface LogLinesOptions {
  /** Gets each record once, in order, with the time at which its first line came. */
  readonly onRecord: (record: LogRecord, seenAt: number) => void;
  /** Tells the time at which lines come. @default the wall clock */
  readonly now?: () => number;
  /** The format; left out, it is chosen by the lines. */
  readonly format?: Recogniser;
  /** Records, and characters of them all, that are given; a last one says that there was more. @default 100,000 and 64 Mi */
  readonly most?: { readonly records: number; readonly text: number };
}

/** Which format a log has, and what became of its lines. */
export interface LogShare extends FormatShare {
  /** Lines that were too long. */
  readonly cut: number;
  /** Lines that came after the most that is given. */
  readonly leftOut: number;
}

/** A record that may still grow. */
interface Growing {
  reading: Reading;
  readonly further: string[];
  size: number;
  cutBytes: number;
  readonly seenAt: number;
  readonly isContinued: boolean;
}

export class LogLines {
  readonly #options: LogLinesOptions;
  readonly #reader: LineReader;
  #growing: Growing | undefined;
  #settledCalls = 0;
  #cutLines = 0;
  #isFirst = true;
  #left: { records: number; text: number };
  #leftOut = 0;

  constructor(options: LogLinesOptions) {
    this.#options = options;
    this.#left = { ...(options.most ?? mostOfLog) };
    this.#reader = new LineReader(options.format);
  }

  /** Takes a line without its end, and how many bytes of it were left out. Empty lines mean nothing. */
  line(raw: string, cutBytes = 0): void {
    if (this.#left.records < 0) {
      this.#leftOut += 1;
      return;
    }
    const text = cleanLine(raw, this.#isFirst);
    this.#isFirst = false;
    if (text === '') return;
    this.#settledCalls = 0;
    if (cutBytes > 0) this.#cutLines += 1;
    const placed = this.#reader.place(text, cutBytes > 0);
    if (placed.is === 'completion' && this.#growing !== undefined) this.#growing.reading = placed.reading;
    else if (placed.is === 'continuation') this.#grow(placed.text, cutBytes);
    else if (placed.is === 'start') this.#begin(placed.reading, cutBytes, placed.isWhole);
  }

  /** To be called now and then: gives a record that has not grown since the call before the last. */
  settle(): void {
    this.#settledCalls += 1;
    if (this.#settledCalls >= quietCalls) this.flush();
  }

  /** Gives the last record. */
  flush(): void {
    const growing = this.#growing;
    this.#growing = undefined;
    if (growing === undefined) return;
    this.#left.records -= 1;
    this.#left.text -= growing.size;
    if (this.#left.text < 0) this.#left.records = -1;
    const message = '… the log goes on; what follows is only counted';
    const record = this.#left.records < 0 ? { level: 'unknown', message } : recordOf(this.#whole(growing));
    this.#options.onRecord(record, growing.seenAt);
  }

  /** Which format the log has, as far as it was read. */
  share(): LogShare {
    const { lines, ...share } = this.#reader.share();
    return { ...share, lines: lines + this.#leftOut, cut: this.#cutLines, leftOut: this.#leftOut };
  }

  /** The record, read again where it is an object of JSON that was written over several lines. */
  #whole(growing: Growing): Growing {
    const { reading, further, isContinued } = growing;
    if (reading.message !== '{' || further.at(-1) !== '}' || isContinued) return growing;
    const whole = this.#reader.readObject(['{', ...further]);
    return whole === undefined ? growing : { ...growing, reading: whole, further: [] };
  }

  #begin(reading: Reading, cutBytes: number, isWhole: boolean, isContinued = false): void {
    this.flush();
    const { now = Date.now } = this.#options;
    this.#growing = {
      reading,
      further: [],
      size: reading.message.length,
      cutBytes,
      seenAt: now(),
      isContinued,
    };
    if (isWhole) this.flush();
  }

  #grow(text: string, cutBytes: number): void {
    const growing = this.#growing;
    if (growing === undefined) {
      this.#begin({ level: 'unknown', message: text }, cutBytes, false, true);
    } else if (growing.further.length + 1 >= mostLines || growing.size + text.length > mostText) {
      const { level, severityText } = growing.reading;
      const reading = { level, ...(severityText === undefined ? {} : { severityText }), message: text };
      this.#begin(reading, cutBytes, false, true);
    } else {
      growing.further.push(text);
      growing.size += text.length + 1;
      growing.cutBytes += cutBytes;
    }
  }
}

function recordOf({ reading, further, cutBytes, isContinued }: Growing): LogRecord {
  const { level, severityText, message, time, stamp, fields = {} } = reading;
  return {
    ...fields,
    level,
    message: (message === '' ? further : [message, ...further]).join('\n'),
    ...(time === undefined ? {} : { time }),
    ...(stamp === undefined ? {} : { stamp }),
    ...(severityText === undefined || severityText === level ? {} : { severityText }),
    ...(cutBytes === 0 ? {} : { cutBytes }),
    ...(isContinued ? { continued: true } : {}),
  };
}
