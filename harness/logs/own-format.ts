/** A format by its name, or by a regular expression of the user's: the way out where no recogniser is right. */
import { LabError } from '../errors.ts';
import { suggestion } from '../nearest-word.ts';
import type { Recogniser } from './recogniser.ts';
import { recognisers, wrappers } from './recognisers/index.ts';
import { type LogLevel, logLevels } from './record.ts';
import { readText } from './text-format.ts';

/** Characters of a line that a user's expression sees: what is slow there is slow within bounds. */
const mostMatched = 1_024;

/** A format of the user's own. */
export interface OwnLogFormat {
  /**
   * Matches the first line of a record. The groups `level` and `message` have to be there, `time` may; any other group becomes a
   * field of its name.
   */
  readonly pattern: RegExp | string;
  /** What the program's words for levels mean; other words are read as everywhere. */
  readonly levels?: Readonly<Record<string, LogLevel>>;
}

/** The name of a format of docs/log-formats.md, or one of the user's own. */
export type LogFormat = string | OwnLogFormat;

/**
 * The recogniser that is meant.
 * @throws LabError `LAB_BAD_INPUT` for a name that there is not, or an expression that cannot be used
 */
export function logFormat(wanted: LogFormat): Recogniser {
  if (typeof wanted !== 'string') return ownFormat(wanted);
  const known = [...recognisers, ...wrappers];
  const found = known.find(({ id }) => id === wanted);
  if (found !== undefined) return found;
  const ids = known.map(({ id }) => id);
  throw bad(
    `There is no log format ${wanted}`,
    `docs/log-formats.md lists them: ${suggestion(wanted, ids)}.`,
  );
}

function ownFormat({ pattern, levels = {} }: OwnLogFormat): Recogniser {
  const expression = compile(pattern);
  const groups = groupsOf(expression.source);
  const missing = ['level', 'message'].filter((group) => !groups.includes(group));
  if (missing.length > 0)
    throw bad(
      `The log format ${expression.source} has no group ${missing.join(' and no group ')}`,
      'Write (?<level>…) around the level and (?<message>…) around the text; (?<time>…) is optional.',
    );
  const wrong = Object.entries(levels).find(([, level]) => !logLevels.includes(level));
  if (wrong !== undefined)
    throw bad(
      `The log format has the level ${wrong[1]} for ${wrong[0]}`,
      `A level is one of ${logLevels.join(', ')}.`,
    );
  const nested = nestedRepetition(expression.source);
  if (nested !== undefined)
    throw bad(
      `The log format repeats what repeats itself: ${nested}`,
      'Some lines would take for ever to match. Take one of the two repetitions away, or put a fixed character between the parts.',
    );
  return {
    id: 'own',
    writtenBy: 'the subject',
    more: 'trace',
    samples: [],
    read: (line) => readText(line, expression, levels, true, mostMatched),
  };
}

function compile(pattern: RegExp | string): RegExp {
  try {
    if (typeof pattern === 'string') return new RegExp(pattern, 's');
    return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  } catch (cause) {
    throw new LabError(
      'LAB_BAD_INPUT',
      `The log format is no regular expression: ${(cause as Error).message}`,
      {
        hint: 'It has the syntax of JavaScript; groups are written (?<level>…).',
        cause,
      },
    );
  }
}

const groupsOf = (source: string): string[] =>
  [...source.matchAll(/(?<!\\)\(\?<(\w+)>/g)].map(([, name = '']) => name);

/** Pieces of an expression: an escape, a class, the beginning of a group, a repetition without an end, anything else. */
const piece =
  /\\[kpP]?(?:\{[^}]*\}|<\w+>|.)|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<\w+>|[a-z-]+:))?|\)(?:[*+]|\{\d+,\d*\})?|(?:[*+]|\{\d+,\})|./gs;

/** A group that is repeated without an end, and whose parts are so as well with nothing fixed between them: `(a+)+`. */
function nestedRepetition(source: string): string | undefined {
  const open: { start: number; repeats: boolean; fixed: boolean }[] = [];
  let last: 'fixed' | 'loose' | undefined;
  for (const { 0: text, index } of source.matchAll(piece)) {
    const group = open.at(-1);
    if (text.startsWith('(')) {
      open.push({ start: index, repeats: false, fixed: false });
      last = undefined;
    } else if (text.startsWith(')')) {
      const closed = open.pop();
      const isRepeated = text.length > 1;
      if (closed && isRepeated && closed.repeats && !closed.fixed)
        return source.slice(closed.start, index + text.length);
      const outer = open.at(-1);
      if (outer && closed) {
        outer.repeats ||= closed.repeats || isRepeated;
        outer.fixed ||= closed.fixed && !isRepeated;
      }
      last = undefined;
    } else if (/^(?:[*+]|\{\d+,\})$/.test(text)) {
      if (group) group.repeats = true;
      last = undefined;
    } else {
      if (group && last === 'fixed') group.fixed = true;
      last = /^(?:\\[^wWdDsSbBpPkK]|[^.[\\|?^$])$/s.test(text) ? 'fixed' : 'loose';
      if (text === '|' && group) group.fixed = false;
    }
    const next = source[index + text.length];
    if (group && last === 'fixed' && next === ')') group.fixed = true;
  }
  return undefined;
}

function bad(message: string, hint: string): LabError {
  return new LabError('LAB_BAD_INPUT', message, { hint });
}
