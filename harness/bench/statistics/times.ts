/**
 * Durations of all rounds as one histogram, which keeps three digits of each value, and its percentiles. HdrHistogram's
 * V2 encoding is what other tools read, and histograms of several files can be added to each other.
 */
import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { Times } from '../bench-result.ts';
import { median } from './order.ts';

const microsPerMs = 1_000;
/** Standard normal quantile of 97.5 %. */
const z = 1.96;

/** Puts durations of rounds together, ms. Undefined when there is none at all. */
export function summarizeTimes(rounds: readonly (readonly number[])[]): Times | undefined {
  const medians = rounds.filter((values) => values.length > 0).map(median);
  return timesOf(histogramOf(rounds.flat()), medians);
}

/** Durations as a histogram of microseconds; histograms of this form add up without loss. */
export function histogramOf(valuesMs: Iterable<number> = []): Histogram {
  const histogram = build({ lowestDiscernibleValue: 1, numberOfSignificantValueDigits: 3, autoResize: true });
  for (const value of valuesMs) histogram.recordValue(Math.max(1, Math.round(value * microsPerMs)));
  return histogram;
}

/** Of a histogram of microseconds. Undefined when it is empty. */
export function timesOf(
  histogram: Histogram,
  roundMedians: readonly number[],
  maxMicros = histogram.maxValue,
): Times | undefined {
  if (histogram.totalCount === 0) return undefined;
  const at = (percent: number): number => histogram.getValueAtPercentile(percent) / microsPerMs;
  return {
    count: histogram.totalCount,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p99Interval: percentileInterval(histogram, 0.99),
    p999: at(99.9),
    max: maxMicros / microsPerMs,
    roundMedians,
    histogram: encodeIntoCompressedBase64(histogram),
  };
}

/**
 * Where a percentile lies with 95 % confidence, by the ranks that a binomial count allows (Conover, Practical
 * Nonparametric Statistics, 3.2). Null when the upper rank is beyond the values that there are.
 */
function percentileInterval(histogram: Histogram, share: number): [number, number] | null {
  const count = histogram.totalCount;
  const reach = z * Math.sqrt(count * share * (1 - share));
  const [low, high] = [count * share - reach, count * share + reach];
  if (low < 1 || high > count) return null;
  return [low, high].map((rank) => histogram.getValueAtPercentile((rank / count) * 100) / microsPerMs) as [
    number,
    number,
  ];
}
