/**
 * Chance as a value that is passed in. A stream is made from a seed, and each use draws from its own stream,
 * forked by name, so that a new use does not shift the draws of the others.
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
  let state = fnv1a(String(seed));
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    return scramble(state) / 0x1_0000_0000;
  };
  return { next, fork: (label) => seededRandom(`${seed}/${label}`) };
}

/** 32-bit FNV-1a over UTF-16 units. */
function fnv1a(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

/** The finaliser of splitmix32: spreads each bit of the state over the whole word. */
function scramble(state: number): number {
  let value = state ^ (state >>> 16);
  value = Math.imul(value, 0x21f0aaad);
  value ^= value >>> 15;
  value = Math.imul(value, 0x735a2d97);
  return (value ^ (value >>> 15)) >>> 0;
}
