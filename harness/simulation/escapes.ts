/**
 * What left a simulation: work that the system or another thread does, whose end no seed decides. A run that something escaped from
 * proves nothing, and says what it was and where.
 */

/** One kind of work at one place. */
export interface Escape {
  /** What it was, in words: `fs.readFile of /etc/hosts`. */
  readonly what: string;
  /** Lines of the stack, the innermost first, without those of the simulation. */
  readonly stack: readonly string[];
  /** How often it came from there. */
  times: number;
}

/** More places than this are not told apart: a program that reads files in a loop has said enough. */
const mostPlaces = 50;
const stackLines = 12;

const ownFrames = /\/harness\/simulation\//;

/** Those of one simulation, each place once. */
export class Escapes {
  readonly #byPlace = new Map<string, Escape>();

  get all(): readonly Escape[] {
    return [...this.#byPlace.values()];
  }

  add(what: string, stack: readonly string[]): void {
    const lines = stack.filter((line) => !ownFrames.test(line)).slice(0, stackLines);
    const place = `${what}\n${lines.slice(0, 4).join('\n')}`;
    const known = this.#byPlace.get(place);
    if (known) known.times += 1;
    else if (this.#byPlace.size < mostPlaces) this.#byPlace.set(place, { what, stack: lines, times: 1 });
  }
}

/** The stack of whoever calls, as lines without `at`. */
export function stackHere(): string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 40;
  const { stack = '' } = new Error('here');
  Error.stackTraceLimit = stackTraceLimit;
  return stack
    .split('\n')
    .slice(2)
    .map((line) => line.trim().replace(/^at /, ''));
}
