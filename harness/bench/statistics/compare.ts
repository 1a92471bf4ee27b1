/**
 * Compares two variants by rounds. The unit is the round, since thousands of requests of one minute all share that minute's
 * luck. The figure of a round is the logarithm of the ratio of both medians, which met the same minute; the comparison is
 * their mean without the outermost, with a bootstrap interval.
 */
import type { Random } from 'shaketable-proxy/random';
import { bootstrap, bootstrapPair, type Interval } from './bootstrap.ts';
import { median } from './order.ts';

/**
 * `regression` and `improvement`: the whole interval lies beyond the threshold. `equal`: it lies within. Else it is
 * `undecided`, and more rounds may tell.
 */
export type Decision = 'regression' | 'improvement' | 'equal' | 'undecided';

/** What two variants have to do with each other. */
export interface Comparison {
  readonly decision: Decision;
  /** Of the other to the base: 1.05 is five per cent more. */
  readonly ratio: number;
  /** 95 % interval of the ratio. */
  readonly interval: Interval;
  /** How many rounds it rests on. */
  readonly rounds: number;
}

/** How a comparison is made. */
export interface CompareOptions {
  readonly random: Random;
  /** The ratio beyond which a difference counts, as 0.03 for three per cent. */
  readonly threshold: number;
  /** Which direction is an improvement. @default 'lower' */
  readonly better?: 'lower' | 'higher';
  /** Samples that the interval is made of. @default 2000 */
  readonly resamples?: number;
}

/** Fewer rounds than this decide nothing: the interval of so few is too narrow to be true. */
export const fewestRounds = 6;
/** So large a share of rounds is left out at either end. */
const trimmed = 0.1;

/** Compares values of the same rounds: `base[i]` and `other[i]` met the same minute. */
export function comparePaired(
  base: readonly number[],
  other: readonly number[],
  options: CompareOptions,
): Comparison {
  if (base.length !== other.length) throw new RangeError('Expected both variants in each round');
  const ratios = base.map((value, round) => logRatio(value, other[round] ?? Number.NaN));
  return judge(trimmedMean(ratios), bootstrap(ratios, trimmedMean, options), ratios.length, options);
}

/** Compares values of different days or machines, where all that differs between them counts as a difference. */
export function compareUnpaired(
  base: readonly number[],
  other: readonly number[],
  options: CompareOptions,
): Comparison {
  const figure = (one: readonly number[], two: readonly number[]) => logRatio(median(one), median(two));
  const interval = bootstrapPair(base, other, figure, options);
  return judge(figure(base, other), interval, Math.min(base.length, other.length), options);
}

/** Decides by the interval of a log ratio. */
export function decide(
  [low, high]: Interval,
  rounds: number,
  { threshold, better = 'lower' }: CompareOptions,
): Decision {
  const bound = Math.log1p(threshold);
  if (rounds < fewestRounds) return 'undecided';
  if (low > -bound && high < bound) return 'equal';
  if (low > bound) return better === 'lower' ? 'regression' : 'improvement';
  if (high < -bound) return better === 'lower' ? 'improvement' : 'regression';
  return 'undecided';
}

function judge(value: number, interval: Interval, rounds: number, options: CompareOptions): Comparison {
  const [low, high] = interval;
  return {
    decision: decide(interval, rounds, options),
    ratio: Math.exp(value),
    interval: [Math.exp(low), Math.exp(high)],
    rounds,
  };
}

function logRatio(base: number, other: number): number {
  if (!(base > 0) || !(other > 0)) throw new RangeError(`Expected positive values, got ${base} and ${other}`);
  return Math.log(other / base);
}

function trimmedMean(values: readonly number[]): number {
  const cut = Math.floor(values.length * trimmed);
  const kept = Float64Array.from(values)
    .sort()
    .subarray(cut, values.length - cut);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}
