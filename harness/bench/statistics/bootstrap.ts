/**
 * How sure a figure is, from its values alone: the figure is taken again of many samples that are drawn from them with
 * replacement (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13). The same seed gives the same interval.
 */
import type { Random } from 'shaketable-proxy/random';
import { quantileOfAscending } from './order.ts';

/** Between these the figure lies, as far as the values tell. */
export type Interval = readonly [low: number, high: number];

/** How samples are drawn. */
export interface BootstrapOptions {
  readonly random: Random;
  /** @default 2000 */
  readonly resamples?: number;
}

/** What is taken of a sample, whose values ascend. */
type Figure = (ascending: Float64Array) => number;

/** `figure` of samples of one set of values, in ascending order. */
export function bootstrap(
  values: readonly number[],
  figure: Figure,
  options: BootstrapOptions,
): Float64Array {
  const sample = resampling(values, options.random);
  return drawn(() => figure(sample()), options);
}

/** The same of two sets that have nothing to do with each other, as from two days. */
export function bootstrapPair(
  one: readonly number[],
  other: readonly number[],
  figure: (one: Float64Array, other: Float64Array) => number,
  options: BootstrapOptions,
): Float64Array {
  const samples = [resampling(one, options.random), resampling(other, options.random)] as const;
  return drawn(() => figure(samples[0](), samples[1]()), options);
}

/** The percentile interval that holds so large a share of the figures, which ascend; 0 to 1. */
export function intervalOf(figures: Float64Array, confidence: number): Interval {
  const tail = (1 - confidence) / 2;
  return [quantileOfAscending(figures, tail), quantileOfAscending(figures, 1 - tail)];
}

const drawn = (draw: () => number, { resamples = 2_000 }: BootstrapOptions): Float64Array =>
  Float64Array.from({ length: resamples }, draw).sort();

/** Samples of the values, drawn with replacement; each is written over the one before. */
function resampling(values: readonly number[], random: Random): () => Float64Array {
  const ascending = Float64Array.from(values).sort();
  const count = ascending.length;
  const times = new Uint32Array(count);
  const sample = new Float64Array(count);
  return () => {
    times.fill(0);
    for (let draw = 0; draw < count; draw += 1) {
      const index = Math.floor(random.next() * count);
      times[index] = (times[index] ?? 0) + 1;
    }
    let filled = 0;
    for (let index = 0; index < count; index += 1) {
      const value = ascending[index] ?? Number.NaN;
      for (let left = times[index] ?? 0; left > 0; left -= 1) {
        sample[filled] = value;
        filled += 1;
      }
    }
    return sample;
  };
}
