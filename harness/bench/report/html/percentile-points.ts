/** A stored histogram as a curve over the percentiles. */
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { Times } from '../../bench-result.ts';
import { ninesOf, shareAt } from './percentile-scale.ts';

/** One point: how much of the values, 0 to 1, and the value that they do not exceed, ms. */
export interface PercentilePoint {
  readonly share: number;
  readonly ms: number;
}

/** Points between two nines. */
const perNine = 16;
const microsPerMs = 1_000;

/**
 * The curve of all values of `times`, from the smallest to the largest. It ends at the last value's own place, since
 * beyond it nothing was measured. Values have three digits, as the histogram keeps them.
 */
export function percentilePoints({ histogram }: Pick<Times, 'histogram'>): PercentilePoint[] {
  const values = decodeFromCompressedBase64(histogram);
  const count = values.totalCount;
  if (count === 0) return [];
  const nines = ninesOf(count);
  const steps = Math.ceil(nines * perNine);
  const at = (share: number): PercentilePoint => ({
    share,
    ms: values.getValueAtPercentile(share * 100) / microsPerMs,
  });
  const first = { share: 0, ms: values.minNonZeroValue / microsPerMs };
  const inner = Array.from({ length: Math.max(0, steps - 1) }, (_, step) =>
    at(shareAt((step + 1) / steps, nines)),
  );
  const last = { share: 1 - 1 / count, ms: values.maxValue / microsPerMs };
  return [first, ...inner.filter(({ share }) => share < last.share), last];
}

/** Percentiles that have a name and at least one value beyond them. */
export function namedPoints({ count, p50, p90, p99, p999 }: Times): PercentilePoint[] {
  const named = [
    { share: 0.5, ms: p50 },
    { share: 0.9, ms: p90 },
    { share: 0.99, ms: p99 },
    { share: 0.999, ms: p999 },
  ];
  return named.filter(({ share }) => count * (1 - share) >= 1 - 1e-9);
}
