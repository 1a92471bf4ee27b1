/**
 * Compares two variants by rounds. The unit is the round, since thousands of requests of one minute all share that minute's
 * luck. The figure of a round is the logarithm of the ratio of both medians, which met the same minute; the comparison is
 * their mean without the outermost, with a bootstrap interval.
 */
import type { Random } from 'shaketable-proxy/random';
import { bootstrap, bootstrapPair, type Interval, intervalOf } from './bootstrap.ts';
import { median, medianOfAscending } from './order.ts';

/**
 * `regression` and `improvement`: the whole 98 % interval lies beyond the threshold, of paired rounds with and without the
 * last of them. `equal`: the whole 95 % interval lies within. Else it is `undecided`, and more rounds may tell. A difference
 * needs more, since it is looked for after each round, and each look is another chance to see one that is not there.
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
/** Fewer paired rounds than this are no difference: they are looked at again and again. */
const fewestOfDifference = 10;
/** So large a share of rounds is left out at either end. */
const trimmed = 0.2;

/** Compares values of the same rounds: `base[i]` and `other[i]` met the same minute. */
export function comparePaired(
  base: readonly number[],
  other: readonly number[],
  options: CompareOptions,
): Comparison {
  if (base.length !== other.length) throw new RangeError('Expected both variants in each round');
  const ratios = base.map((value, round) => logRatio(value, other[round] ?? Number.NaN));
  const figures = bootstrap(ratios, trimmedMean, options);
  const decision = decide(figures, ratios.length, options);
  const holds =
    !isDifference(decision) ||
    (ratios.length >= fewestOfDifference &&
      decide(bootstrap(ratios.slice(0, -1), trimmedMean, options), ratios.length - 1, options) === decision);
  return comparisonOf(
    trimmedMean(Float64Array.from(ratios).sort()),
    figures,
    ratios.length,
    holds ? decision : 'undecided',
  );
}

const isDifference = (decision: Decision): boolean => decision === 'regression' || decision === 'improvement';

/** Compares values of different days or machines, where all that differs between them counts as a difference. */
export function compareUnpaired(
  base: readonly number[],
  other: readonly number[],
  options: CompareOptions,
): Comparison {
  const figures = bootstrapPair(
    base,
    other,
    (one, two) => logRatio(medianOfAscending(one), medianOfAscending(two)),
    options,
  );
  const rounds = Math.min(base.length, other.length);
  const value = logRatio(median(base), median(other));
  return comparisonOf(value, figures, rounds, decide(figures, rounds, options));
}

/** Decides by log ratios of samples of the rounds. */
function decide(
  figures: Float64Array,
  rounds: number,
  { threshold, better = 'lower' }: CompareOptions,
): Decision {
  const bound = Math.log1p(threshold);
  if (rounds < fewestRounds) return 'undecided';
  const [likelyLow, likelyHigh] = intervalOf(figures, 0.95);
  if (likelyLow > -bound && likelyHigh < bound) return 'equal';
  const [low, high] = intervalOf(figures, 0.98);
  if (low > bound) return better === 'lower' ? 'regression' : 'improvement';
  if (high < -bound) return better === 'lower' ? 'improvement' : 'regression';
  return 'undecided';
}

function comparisonOf(value: number, figures: Float64Array, rounds: number, decision: Decision): Comparison {
  const [low, high] = intervalOf(figures, 0.95);
  return { decision, ratio: Math.exp(value), interval: [Math.exp(low), Math.exp(high)], rounds };
}

function logRatio(base: number, other: number): number {
  if (!(base > 0) || !(other > 0)) throw new RangeError(`Expected positive values, got ${base} and ${other}`);
  return Math.log(other / base);
}

/** Of values that ascend, the mean without the outermost at either end. */
function trimmedMean(ascending: Float64Array): number {
  const cut = Math.floor(ascending.length * trimmed);
  let sum = 0;
  for (let index = cut; index < ascending.length - cut; index += 1) sum += ascending[index] ?? Number.NaN;
  return sum / (ascending.length - 2 * cut);
}
