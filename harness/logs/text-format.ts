/** Recognisers of lines of text: a regular expression whose named groups are the parts of a record. */
import { levelOfWord } from './levels.ts';
import type { LogLine } from './line.ts';
import type { Reading, Recogniser } from './recogniser.ts';
import type { LogLevel, ReadLevel } from './record.ts';
import { readStamp } from './times.ts';

/** Characters of a line that a regular expression sees; what follows belongs to the message. */
export const mostMatched = 2_048;

/** What a text format is told by. */
export interface TextFormat extends Omit<Recogniser, 'read' | 'more'> {
  /**
   * The first that matches tells. Groups `level`, `time` and `message` are what they say; any other group becomes a field of its
   * name.
   */
  readonly patterns: readonly RegExp[];
  /** Levels of the format's own, by the word as it is written; other words are read as everywhere. */
  readonly levels?: Readonly<Record<string, LogLevel>>;
  /** @default 'trace' */
  readonly more?: Recogniser['more'];
}

/** Makes the recogniser. A line whose level is no word that is known is not of the format. */
export function textFormat({ patterns, levels, more = 'trace', ...facts }: TextFormat): Recogniser {
  return {
    ...facts,
    more,
    read(line) {
      for (const pattern of patterns) {
        const reading = readText(line, pattern, levels, false);
        if (reading !== undefined) return reading;
      }
      return undefined;
    },
  };
}

/** What a line says by a pattern; `anyLevel`: an unknown word is a level as well, of which nothing is known. */
export function readText(
  line: LogLine,
  pattern: RegExp,
  levels: TextFormat['levels'],
  anyLevel: boolean,
  most = mostMatched,
): Reading | undefined {
  const head = line.text.length > most ? line.text.slice(0, most) : line.text;
  const groups = pattern.exec(head)?.groups;
  if (groups === undefined) return undefined;
  const { level: word, time, message = '', ...others } = groups;
  const level = word === undefined ? 'unknown' : levelBy(word, levels);
  if (level === undefined && !anyLevel) return undefined;
  const fields = Object.entries(others).filter(
    (field): field is [string, string] => field[1] !== undefined && field[1] !== '',
  );
  return {
    level: level ?? 'unknown',
    ...(word === undefined ? {} : { severityText: word }),
    message: head.endsWith(message) ? message + line.text.slice(head.length) : message,
    ...(time === undefined ? {} : readStamp(time)),
    ...(fields.length === 0 ? {} : { fields: Object.fromEntries(fields) }),
  };
}

function levelBy(word: string, levels: TextFormat['levels']): ReadLevel | undefined {
  return (
    (levels !== undefined && Object.hasOwn(levels, word) ? levels[word] : undefined) ?? levelOfWord(word)
  );
}
