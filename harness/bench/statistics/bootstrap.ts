/**
 * How sure a figure is, from its values alone: the figure is taken again of many samples that are drawn from them with
 * replacement (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13). The same seed gives the same interval.
 */
import type { Random } from 'shaketable-proxy/random';
import { quantile } from './order.ts';

/** Between these the figure lies, as far as the values tell. */
export type Interval = readonly [low: number, high: number];

/** How samples are drawn. */
export interface BootstrapOptions {
  readonly random: Random;
  /** @default 2000 */
  readonly resamples?: number;
}

/** `figure` of samples of one set of values. */
export function bootstrap(
  values: readonly number[],
  figure: (sample: readonly number[]) => number,
  options: BootstrapOptions,
): number[] {
  return drawn(() => figure(resample(values, options.random)), options);
}

/** The same of two sets that have nothing to do with each other, as from two days. */
export function bootstrapPair(
  one: readonly number[],
  other: readonly number[],
  figure: (one: readonly number[], other: readonly number[]) => number,
  options: BootstrapOptions,
): number[] {
  const { random } = options;
  return drawn(() => figure(resample(one, random), resample(other, random)), options);
}

/** The percentile interval that holds so large a share of the figures, 0 to 1. */
export function intervalOf(figures: readonly number[], confidence: number): Interval {
  const tail = (1 - confidence) / 2;
  return [quantile(figures, tail), quantile(figures, 1 - tail)];
}

const drawn = (draw: () => number, { resamples = 2_000 }: BootstrapOptions): number[] =>
  Array.from({ length: resamples }, draw);

function resample(values: readonly number[], random: Random): number[] {
  return values.map(() => values[Math.floor(random.next() * values.length)] ?? Number.NaN);
}
