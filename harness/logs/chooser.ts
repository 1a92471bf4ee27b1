/**
 * Chooses the format of a log from its lines. Each of the first lines is shown to every recogniser, and the one that reads the
 * most of them is preferred; later lines go to it first, and to another only where it does not read them. A log that changes is
 * followed: who reads the most of the last lines is preferred.
 */
import type { LogLine } from './line.ts';
import type { Reading, Recogniser } from './recogniser.ts';
import { recognisers } from './recognisers/index.ts';

/** Lines that every recogniser sees. */
const trialLines = 50;
/** Lines after which the preferred format is chosen anew. */
const windowLines = 200;

const formats = recognisers.filter(({ fallback }) => fallback !== true);
const fallbacks = recognisers.filter(({ fallback }) => fallback === true);

/** What read a line, and what it read. */
export interface Found {
  readonly recogniser: Recogniser;
  readonly reading: Reading;
}

/** A line of the trial: who was given it, and who else could have read it. */
interface Trial {
  readonly winner: Recogniser;
  readonly readers: readonly Recogniser[];
}

export class FormatChooser {
  readonly #given: Recogniser | undefined;
  readonly #votes = new Map<Recogniser, number>();
  readonly #trials: Trial[] = [];
  #preferred: Recogniser | undefined;
  #recent = new Map<Recogniser, number>();
  #recentLines = 0;

  /** With `given` that format is preferred from the first line to the last. */
  constructor(given?: Recogniser) {
    this.#given = given;
    this.#preferred = given;
  }

  /** The lines of the trial that `leader` could have read and another was given, by who that was. */
  contested(leader: Recogniser): readonly Recogniser[] {
    return this.#trials
      .filter(({ winner, readers }) => winner !== leader && readers.includes(leader))
      .map(({ winner }) => winner);
  }

  /** Reads a line by a format proper. An indented line is one only of formats whose records begin like that. */
  byFormat(line: LogLine): Found | undefined {
    const isIndented = /^[ \t]/.test(line.text);
    const preferred = this.#preferred;
    const first = preferred && this.#mayRead(preferred, isIndented) ? read(preferred, line) : undefined;
    if (first !== undefined && (this.#given !== undefined || this.#trials.length >= trialLines))
      return this.#count(first);
    const candidates = formats.filter((format) => format !== preferred && this.#mayRead(format, isIndented));
    if (this.#trials.length >= trialLines || this.#given !== undefined) {
      for (const candidate of candidates) {
        const found = read(candidate, line);
        if (found !== undefined) return this.#count(found);
      }
      return undefined;
    }
    const others = candidates
      .map((candidate) => read(candidate, line))
      .filter((found) => found !== undefined);
    return this.#try(first === undefined ? others : [first, ...others]);
  }

  /** Reads a line by its shape. */
  byShape(line: LogLine): Found | undefined {
    for (const fallback of fallbacks) {
      const found = fallback === this.#given ? undefined : read(fallback, line);
      if (found === undefined) continue;
      if (this.#trials.length < trialLines) this.#trials.push({ winner: fallback, readers: [fallback] });
      return this.#count(found);
    }
    return undefined;
  }

  #mayRead({ indented, fallback }: Recogniser, isIndented: boolean): boolean {
    return (!isIndented || indented === true) && (fallback !== true || this.#given !== undefined);
  }

  /** Every reader of the line gets a vote; the line goes to the one with the most votes, of equals to the first in the list. */
  #try(readers: readonly Found[]): Found | undefined {
    for (const { recogniser } of readers) this.#votes.set(recogniser, (this.#votes.get(recogniser) ?? 0) + 1);
    const [winner] = readers.toSorted(
      (a, b) =>
        (this.#votes.get(b.recogniser) ?? 0) - (this.#votes.get(a.recogniser) ?? 0) ||
        formats.indexOf(a.recogniser) - formats.indexOf(b.recogniser),
    );
    if (winner === undefined) return undefined;
    this.#trials.push({ winner: winner.recogniser, readers: readers.map(({ recogniser }) => recogniser) });
    return this.#count(winner);
  }

  #count(found: Found): Found {
    this.#recent.set(found.recogniser, (this.#recent.get(found.recogniser) ?? 0) + 1);
    this.#recentLines += 1;
    const isTrialOver = this.#trials.length === trialLines && this.#preferred === undefined;
    if (this.#given === undefined && (isTrialOver || this.#recentLines >= windowLines)) this.#prefer();
    return found;
  }

  #prefer(): void {
    const [most] = [...this.#recent]
      .filter(([{ fallback }]) => fallback !== true)
      .toSorted(([, a], [, b]) => b - a);
    this.#preferred = most?.[0] ?? this.#preferred;
    this.#recent = new Map();
    this.#recentLines = 0;
  }
}

function read(recogniser: Recogniser, line: LogLine): Found | undefined {
  const reading = recogniser.read(line);
  return reading === undefined ? undefined : { recogniser, reading };
}
