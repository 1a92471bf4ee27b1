/**
 * Lines of fields between tabs, in order of their first two, a number and a time. They stand in blocks that are unpacked
 * when one of their lines is looked at: there may be a hundred thousand.
 */

/** A part of the lines, still packed. */
export interface Block {
  /** How many lines it has; never none. */
  readonly lines: number;
  /** Number and time of the first one. */
  readonly n: number;
  readonly t: number;
  /** Its lines, a line each. */
  unpack(): Promise<string>;
}

export class Lines {
  readonly length: number;
  readonly #blocks: readonly Block[];
  /** The index of the first line of each block. */
  readonly #starts: readonly number[];
  readonly #texts: (Promise<string> | undefined)[] = [];
  readonly #lines: (readonly string[] | undefined)[] = [];

  constructor(blocks: readonly Block[]) {
    this.#blocks = blocks;
    let length = 0;
    this.#starts = blocks.map(({ lines }) => {
      length += lines;
      return length - lines;
    });
    this.length = length;
  }

  /** The fields of line `index`; undefined until its block is there, see {@link ready}. */
  at(index: number): string[] | undefined {
    const place = this.#blockOf(index);
    return this.#lines[place]?.[index - (this.#starts[place] ?? 0)]?.split('\t');
  }

  /** Resolves when lines `first` to `last` are there; undefined if they are. */
  ready(first: number, last: number): Promise<unknown> | undefined {
    const missing: Promise<unknown>[] = [];
    for (let place = this.#blockOf(first); place <= this.#blockOf(last); place += 1)
      if (this.#blocks[place] && !this.#lines[place]) missing.push(this.#linesOf(place));
    return missing.length === 0 ? undefined : Promise.all(missing);
  }

  /** The index of the line that begins with the number `n`, or -1. */
  async indexOf(n: number): Promise<number> {
    const place = lastUpTo(this.#blocks.length, (at) => this.#blocks[at]?.n ?? 0, n);
    const lines = await this.#linesOf(place);
    const numberAt = (at: number): number => Number.parseInt(lines[at] ?? '', 10);
    const at = lastUpTo(lines.length, numberAt, n);
    return numberAt(at) === n ? (this.#starts[place] ?? 0) + at : -1;
  }

  /** The fields of the line that begins with the number `n`, if there is one. */
  async find(n: number): Promise<string[] | undefined> {
    return this.at(await this.indexOf(n));
  }

  /** The index of the last line at `t` or before, or of the first one. */
  async latestAt(t: number): Promise<number> {
    const place = lastUpTo(this.#blocks.length, (at) => this.#blocks[at]?.t ?? 0, t);
    const lines = await this.#linesOf(place);
    return (
      (this.#starts[place] ?? 0) + lastUpTo(lines.length, (at) => Number(lines[at]?.split('\t', 2)[1]), t)
    );
  }

  /** The indexes of the lines that hold every one of `words`, in whatever case, block by block. */
  async *withWords(words: readonly string[]): AsyncGenerator<number[]> {
    const patterns = patternsOf(words);
    for (const [place, start] of this.#starts.entries())
      yield linesWith(patterns, await this.#textOf(place)).map((line) => start + line);
  }

  #blockOf(index: number): number {
    return lastUpTo(this.#starts.length, (at) => this.#starts[at] ?? 0, index);
  }

  #textOf(place: number): Promise<string> {
    this.#texts[place] ??= this.#blocks[place]?.unpack() ?? Promise.resolve('');
    return this.#texts[place];
  }

  async #linesOf(place: number): Promise<readonly string[]> {
    const text = await this.#textOf(place);
    this.#lines[place] ??= text.split('\n');
    return this.#lines[place];
  }
}

/** The last place of `length` at which there is `limit` or less, or the first place; what is there rises. */
function lastUpTo(length: number, valueAt: (place: number) => number, limit: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueAt(middle) > limit) high = middle;
    else low = middle + 1;
  }
  return Math.max(0, low - 1);
}

/** What finds each of the words: the longest first, the rarest in all likelihood. */
function patternsOf(words: readonly string[]): RegExp[] {
  const ordered = words.toSorted((a, b) => b.length - a.length);
  return ordered.map((word) => new RegExp(word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gi'));
}

/** Which lines of `text` all patterns find something in; only those with the first one are looked at. */
function linesWith([first, ...others]: readonly RegExp[], text: string): number[] {
  const found: number[] = [];
  if (first === undefined) return found;
  let [line, start] = [0, 0];
  first.lastIndex = 0;
  for (let match = first.exec(text); match; match = first.exec(text)) {
    for (
      let next = text.indexOf('\n', start);
      next >= 0 && next < match.index;
      next = text.indexOf('\n', start)
    ) {
      line += 1;
      start = next + 1;
    }
    const next = text.indexOf('\n', match.index);
    const end = next < 0 ? text.length : next;
    const own = text.slice(start, end);
    if (others.every((pattern) => own.search(pattern) >= 0)) found.push(line);
    first.lastIndex = end;
  }
  return found;
}
