/**
 * Chance as a value that is passed in. A run has one seed; every fault and every connection draws from its own
 * stream, forked by name, so that adding a fault does not shift the draws of the others.
 */

/** A stream of repeatable draws. */
export interface Random {
  /** The next draw, uniform in [0, 1). */
  next(): number;
  /** An independent stream that depends on this stream's seed and `label` alone, not on draws made so far. */
  fork(label: string): Random;
}

/** The stream of `seed`: the same seed gives the same draws on every machine. */
export function seededRandom(seed: number | string): Random {
  return new SeededRandom(String(seed));
}

/** Most streams are only forked. */
class SeededRandom implements Random {
  readonly #seed: string;
  #draw: (() => number) | undefined;

  constructor(seed: string) {
    this.#seed = seed;
  }

  next(): number {
    this.#draw ??= sfc32(hash(this.#seed));
    return this.#draw();
  }

  fork(label: string): Random {
    return new SeededRandom(`${this.#seed}/${label}`);
  }
}

/** FNV-1a over UTF-16 units, run four times with different offsets: 128 bits of state from any text. */
function hash(text: string): [number, number, number, number] {
  const word = (offset: number): number => {
    let value = (0x811c9dc5 ^ offset) >>> 0;
    for (let index = 0; index < text.length; index += 1) {
      value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
    }
    return value;
  };
  return [word(0), word(0x9e3779b9), word(0x243f6a88), word(0xb7e15162)];
}

/** Chris Doty-Humphrey's sfc32 generator (PractRand, public domain): small, fast, 128 bits of state. */
function sfc32([a, b, c, counter]: [number, number, number, number]): () => number {
  const step = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let round = 0; round < 12; round += 1) step();
  return step;
}
