/**
 * Places each line of a log at once, without waiting for the next: it begins a record, belongs to the record before, or is the
 * second line of a beginning. What no recogniser reads begins a record of unknown level.
 */
import { FormatChooser, type Found } from './chooser.ts';
import { LogLine } from './line.ts';
import { type FormatShare, LineCounts, unread } from './line-counts.ts';
import type { Reading, Recogniser, Wrapper } from './recogniser.ts';
import { recognisers, wrappers } from './recognisers/index.ts';
import { text as plainText } from './recognisers/text.ts';
import { isExact } from './times.ts';
import { TraceFollower } from './traces.ts';

/** Where a line belongs. */
export type Placed =
  /** It begins a record; `isWhole`: no line of another can belong to it. */
  | { readonly is: 'start'; readonly reading: Reading; readonly isWhole: boolean }
  /** The beginning of the record, read again with this line. */
  | { readonly is: 'completion'; readonly reading: Reading }
  | { readonly is: 'continuation'; readonly text: string };

/** The record that a line may belong to. */
interface Open {
  readonly follower: TraceFollower | undefined;
  /** Who counts its lines. */
  readonly counted: string;
  /** Who wrote it, where several write into one log. */
  readonly writer: string;
  /** The first of two lines that begin it. */
  readonly half?: { readonly recogniser: Recogniser; readonly text: string };
}

/** A line taken out of what carries it. */
interface Unwrapped {
  readonly outer?: Found;
  readonly line: LogLine;
  readonly writer: string;
}

export class LineReader {
  readonly #chooser: FormatChooser;
  readonly #wrappers: readonly Wrapper[];
  readonly #counts = new LineCounts();
  #open: Open | undefined;

  /** With `given` that format is preferred; what is not of the lab's own list is nothing that could be wrapped. */
  constructor(given?: Recogniser) {
    const isWrapper = given !== undefined && wrappers.includes(given);
    this.#chooser = new FormatChooser(isWrapper ? undefined : given);
    this.#wrappers = isWrapper ? [given] : given === undefined || recognisers.includes(given) ? wrappers : [];
  }

  /** Places a line; its end, colours and an empty line are the caller's to take away. */
  place(text: string, isCut = false): Placed {
    const unwrapped = this.#unwrap(new LogLine(text, isCut));
    return this.#complete(unwrapped) ?? this.#placeInner(unwrapped);
  }

  /** Reads a record of JSON that was written over several lines, of which each was placed by itself. */
  readObject(lines: readonly string[]): Reading | undefined {
    const line = new LogLine(lines.join('\n'));
    if (line.json === undefined) return undefined;
    for (const recogniser of recognisers) {
      const reading = recogniser.read(line);
      if (reading === undefined) continue;
      this.#counts.move(lines.length, unread, recogniser.id);
      this.#counts.record(recogniser.id);
      return reading;
    }
    return undefined;
  }

  /** Which format the log has, as far as it was read. */
  share(): FormatShare {
    return this.#counts.share((leader) => {
      const recogniser = recognisers.find(({ id }) => id === leader);
      return recogniser === undefined ? [] : this.#chooser.contested(recogniser).map(({ id }) => id);
    });
  }

  #unwrap(line: LogLine): Unwrapped {
    for (const wrapper of this.#wrappers) {
      const reading = wrapper.read(line);
      if (reading === undefined) continue;
      this.#counts.wrapped(wrapper.id);
      const { host = '', app = '', pid = '', service = '', stream = '' } = reading.fields ?? {};
      const writer = [wrapper.id, host, app, pid, service, stream].join(' ');
      return {
        outer: { recogniser: wrapper, reading },
        line: new LogLine(reading.message, line.isCut),
        writer,
      };
    }
    return { line, writer: '' };
  }

  /** The second line of a beginning. */
  #complete({ line, outer }: Unwrapped): Placed | undefined {
    const { half, counted = unread } = this.#open ?? {};
    if (half === undefined || this.#open === undefined) return undefined;
    const text = `${half.text}\n${line.text}`;
    const reading = half.recogniser.read(new LogLine(text));
    const { half: _half, ...open } = this.#open;
    this.#open = open;
    if (reading?.severityText === undefined) return undefined;
    this.#counts.line(counted);
    return { is: 'completion', reading: merge(outer, reading) };
  }

  #placeInner({ outer, line, writer }: Unwrapped): Placed {
    const byFormat = this.#chooser.byFormat(line);
    if (byFormat !== undefined) return this.#begin(outer, byFormat, line, writer);
    const open = this.#open;
    if (open?.follower?.continues(line.text) && (outer === undefined || open.writer === writer)) {
      this.#counts.line(open.counted);
      return { is: 'continuation', text: line.text };
    }
    const isKnown = outer !== undefined && outer.reading.level !== 'unknown';
    const byShape = isKnown ? undefined : this.#chooser.byShape(line);
    return this.#begin(outer, byShape, line, writer);
  }

  #begin(outer: Found | undefined, inner: Found | undefined, line: LogLine, writer: string): Placed {
    const recogniser = inner?.recogniser ?? outer?.recogniser;
    // A line of no known format is one of what carries it.
    const isPlain = outer !== undefined && recogniser === plainText;
    const counted = (isPlain ? outer.recogniser : recogniser)?.id ?? unread;
    this.#counts.line(counted);
    if (recogniser !== undefined) this.#counts.record(counted);
    const { more = 'trace', continues } = recogniser ?? {};
    const isHalf = more === 'two' && inner !== undefined && inner.reading.severityText === undefined;
    this.#open = {
      follower: more === 'none' ? undefined : new TraceFollower(line.text, continues),
      counted,
      writer,
      ...(isHalf && recogniser ? { half: { recogniser, text: line.text } } : {}),
    };
    const reading = inner?.reading ?? { level: 'unknown', message: line.text };
    return { is: 'start', reading: merge(outer, reading), isWhole: more === 'none' };
  }
}

/** What a line says and what it was wrapped in. A syslog severity counts more than a word, an exact time more than one that is not. */
function merge(outer: Found | undefined, inner: Reading): Reading {
  if (outer === undefined) return inner;
  const { reading } = outer;
  const isSevere = reading.level !== 'unknown';
  const { level, severityText } = isSevere ? reading : inner;
  const isOuters = !isExact(inner) && reading.time !== undefined;
  const { time, stamp } = isOuters ? reading : { ...timeIn(reading), ...timeIn(inner) };
  return {
    level,
    ...(severityText === undefined ? {} : { severityText }),
    message: inner.message,
    ...(time === undefined ? {} : { time }),
    ...(stamp === undefined ? {} : { stamp }),
    fields: { ...reading.fields, ...inner.fields },
  };
}

const timeIn = ({ time, stamp }: Reading) =>
  time === undefined && stamp === undefined ? {} : { time, stamp };
