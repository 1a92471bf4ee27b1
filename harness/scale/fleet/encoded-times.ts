/** Durations on their way between machines: a histogram, which adds up without loss, and what its encoding does not keep. */
import { decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { Times } from '../../bench/bench-result.ts';
import { histogramOf, timesOf } from '../../bench/statistics/times.ts';

export interface EncodedTimes {
  /** Histogram of microseconds, V2 compressed, base64. */
  readonly histogram: string;
  /** The largest value, microseconds: of a histogram only the bucket is left that it was in. */
  readonly maxMicros: number;
}

export function encodeTimes(valuesMs: Iterable<number>): EncodedTimes {
  const histogram = histogramOf(valuesMs);
  return { histogram: encodeIntoCompressedBase64(histogram), maxMicros: histogram.maxValue };
}

/** All of them as one. */
export interface AddedTimes {
  readonly histogram: Histogram;
  readonly maxMicros: number;
}

export function addUp(encoded: readonly EncodedTimes[]): AddedTimes {
  const sum = histogramOf();
  for (const { histogram } of encoded) sum.add(decodeFromCompressedBase64(histogram));
  return { histogram: sum, maxMicros: encoded.reduce((most, { maxMicros }) => Math.max(most, maxMicros), 0) };
}

/** As a row has them; undefined where there is none. */
export const toTimes = ({ histogram, maxMicros }: AddedTimes): Times | undefined =>
  timesOf(histogram, [], maxMicros);
