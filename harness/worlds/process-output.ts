/**
 * What a process of the subject's prints, as evidence: each line an entry, with the level of its record, up to a bound that no
 * reader misses.
 */
import type { Journal } from '../journal/journal.ts';
import { cleanLine } from '../logs/clean-line.ts';
import { LineReader } from '../logs/line-reader.ts';
import { type LogFormat, logFormat } from '../logs/own-format.ts';
import type { ProcessOptions } from '../subjects/process.ts';
import { recordFormat } from './recording.ts';

/** Lines of one stream that are journalled; of the rest, that there were more. */
const mostLines = 2_000;
/** Characters of a line. */
const longest = 4_000;

type Stream = 'stdout' | 'stderr';

/** Listeners for the streams that go nowhere else. */
export interface Heard {
  readonly listeners: Pick<ProcessOptions, 'onStdoutLine' | 'onStderrLine'>;
  /** Journals which formats the streams had; for after the last line. */
  conclude(): void;
}

/**
 * Listens to the streams that go nowhere else.
 * @throws LabError `LAB_BAD_INPUT` for a format that cannot be used
 */
export function outputOf(
  process: string,
  {
    stdoutFile,
    stderrFile,
    format,
  }: Pick<ProcessOptions, 'stdoutFile' | 'stderrFile'> & { format?: LogFormat | undefined },
  journal: Journal,
): Heard {
  const given = format === undefined ? undefined : logFormat(format);
  const readers: [Stream, LineReader][] = [];
  const listen = (stream: Stream): ((line: string) => void) => {
    const reader = new LineReader(given);
    readers.push([stream, reader]);
    const levels = new LineLevels(reader);
    let lines = 0;
    return (line) => {
      lines += 1;
      if (lines > mostLines + 1) return;
      const facts =
        lines > mostLines
          ? { line: `… more than ${mostLines} lines` }
          : { line: line.slice(0, longest), ...levels.of(line) };
      journal.append('process', 'process.output', { process, stream, ...facts });
    };
  };
  return {
    listeners: {
      ...(stdoutFile === undefined ? { onStdoutLine: listen('stdout') } : {}),
      ...(stderrFile === undefined ? { onStderrLine: listen('stderr') } : {}),
    },
    conclude() {
      for (const [stream, reader] of readers) {
        const share = reader.share();
        const log = `${process} ${stream}`;
        if (share.read > 0) recordFormat(journal, { of: 'process', log }, { ...share, cut: 0, leftOut: 0 });
      }
    },
  };
}

/** The level of each line: that of the record which it begins or belongs to. */
class LineLevels {
  readonly #reader: LineReader;
  #level = 'unknown';
  #isFirst = true;

  constructor(reader: LineReader) {
    this.#reader = reader;
  }

  of(line: string): { level?: string; continues?: true } {
    const text = cleanLine(line, this.#isFirst);
    this.#isFirst = false;
    if (text === '') return {};
    const placed = this.#reader.place(text);
    if (placed.is !== 'continuation') this.#level = placed.reading.level;
    return {
      ...(this.#level === 'unknown' ? {} : { level: this.#level }),
      ...(placed.is === 'continuation' ? { continues: true } : {}),
    };
  }
}
