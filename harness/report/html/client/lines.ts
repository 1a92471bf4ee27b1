/**
 * Lines of fields between tabs, in order of their first two, a number and a time. A line is taken apart only when it is
 * looked at: there may be a hundred thousand.
 */

export class Lines {
  readonly #lines: readonly string[];
  #lowered: readonly string[] | undefined;

  constructor(text: string) {
    this.#lines = text === '' ? [] : text.split('\n');
  }

  get length(): number {
    return this.#lines.length;
  }

  /** The fields of line `index`. */
  at(index: number): string[] {
    return (this.#lines[index] ?? '').split('\t');
  }

  /** The line that begins with the number `n`, or -1. */
  indexOf(n: number): number {
    const index = this.#first((line) => Number.parseInt(line, 10) >= n);
    return Number.parseInt(this.#lines[index] ?? '', 10) === n ? index : -1;
  }

  /** The last line at `t` or before, or the first one. */
  latestAt(t: number): number {
    return Math.max(0, this.#first((line) => Number(line.split('\t', 2)[1]) > t) - 1);
  }

  /** The lines that hold every one of `words`, in whatever case. */
  withWords(words: readonly string[]): number[] {
    this.#lowered ??= this.#lines.map((line) => line.toLowerCase());
    const found: number[] = [];
    this.#lowered.forEach((line, index) => {
      if (words.every((word) => line.includes(word))) found.push(index);
    });
    return found;
  }

  /** The first line that `isBeyond` means, where all that follow are beyond as well. */
  #first(isBeyond: (line: string) => boolean): number {
    let [low, high] = [0, this.#lines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBeyond(this.#lines[middle] ?? '')) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
