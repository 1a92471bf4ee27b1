/**
 * How long delays are, by named distributions. `mean` and `deviation` are those of the delays themselves, whatever the
 * distribution; what would be negative is 0.
 */
import { shareBelow } from './normal.ts';

/** The names, in the order in which the documentation lists them. */
export const distributions = [
  'constant',
  'uniform',
  'normal',
  'lognormal',
  'pareto',
  'sine',
  'square',
  'trace',
] as const;

export type Distribution = (typeof distributions)[number];

/** What describes a distribution; durations in ms. */
export interface DelayParameters {
  readonly distribution: Distribution;
  readonly mean: number;
  /** The standard deviation; half the width of `uniform`, and the height of a wave above and below its mean. */
  readonly deviation: number;
  /** How fast the tail of `pareto` falls, over 1: the smaller, the longer the delays that come now and then. */
  readonly shape?: number;
  /** The length of a wave. */
  readonly period?: number;
  /** The delays themselves, over and over. */
  readonly trace?: readonly number[];
}

/** Where in its distribution a delay is to be taken. */
export interface DelayPosition {
  /** A draw of the normal distribution. */
  readonly normal: number;
  /** Since the wave began, ms. */
  readonly elapsedMs?: number;
  /** How many delays were taken before. */
  readonly index?: number;
}

/** One delay, ms. */
export function delayAt(parameters: DelayParameters, position: DelayPosition): number {
  return Math.max(0, shapes[parameters.distribution](parameters, position));
}

const shapes: Readonly<
  Record<Distribution, (parameters: DelayParameters, position: DelayPosition) => number>
> = {
  constant: ({ mean }) => mean,
  uniform: ({ mean, deviation }, { normal }) => mean + deviation * (2 * shareBelow(normal) - 1),
  normal: ({ mean, deviation }, { normal }) => mean + deviation * normal,
  lognormal: ({ mean, deviation }, { normal }) => {
    if (mean === 0) return 0;
    const variance = Math.log(1 + (deviation / mean) ** 2);
    return mean * Math.exp(Math.sqrt(variance) * normal - variance / 2);
  },
  pareto: ({ mean, shape = 3 }, { normal }) => {
    const least = (mean * (shape - 1)) / shape;
    return least / shareBelow(-normal) ** (1 / shape);
  },
  sine: ({ mean, deviation, period = 1_000 }, { elapsedMs = 0 }) =>
    mean + deviation * Math.sin((2 * Math.PI * elapsedMs) / period),
  square: ({ mean, deviation, period = 1_000 }, { elapsedMs = 0 }) =>
    elapsedMs % period < period / 2 ? mean + deviation : mean - deviation,
  trace: ({ trace = [] }, { index = 0 }) => trace[index % trace.length] ?? 0,
};
