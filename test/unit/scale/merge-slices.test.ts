/** Histograms of slices: merged they are one, and what is missing shows. */
import { expect, it } from 'vitest';
import { histogramOf } from '../../../harness/bench/statistics/times.ts';
import { addUp, encodeTimes } from '../../../harness/scale/fleet/encoded-times.ts';
import { mergeSlices } from '../../../harness/scale/fleet/merge-slices.ts';
import type { Slice, SliceInterval } from '../../../harness/scale/kinds/fleet.ts';
import { seededRandom } from '../../../proxy/core/random.ts';

const random = seededRandom(11);
/** From microseconds to minutes, as latencies are: most of them short. */
const draw = (): number => 10 ** (random.next() * 7 - 2);

it('makes of the histograms of 100 slices what one histogram of all values is', () => {
  const slices = Array.from({ length: 100 }, () => Array.from({ length: 500 }, draw));
  const { histogram: merged, maxMicros } = addUp(slices.map(encodeTimes));
  const whole = histogramOf(slices.flat());

  for (const percent of [0, 50, 90, 99, 99.9, 99.99, 100])
    expect(merged.getValueAtPercentile(percent)).toBe(whole.getValueAtPercentile(percent));
  expect(maxMicros).toBe(whole.maxValue);
  expect(merged.totalCount).toBe(50_000);
});

it('shows a slice that is withheld, and seconds that are, as gaps', () => {
  const slices = [slice(0, [0, 1, 2]), slice(1, [0, 2])];

  const { report, gaps } = mergeSlices(slices, 3, 3);

  expect(gaps).toEqual([
    { slice: 1, intervals: 1, of: 3 },
    { slice: 2, intervals: 3, of: 3 },
  ]);
  expect(report.histogram.totalCount).toBe(5);
});

function slice(index: number, seconds: readonly number[]): Slice {
  const interval = (second: number): SliceInterval => ({
    index: second,
    lateMs: 0,
    online: 1,
    messages: 1,
    agentsCpuMs: 1,
    serverCpuMs: 1,
    elapsedMs: 1_000,
    report: encodeTimes([1.5]),
    late: encodeTimes([]),
  });
  return {
    slice: index,
    agents: 1,
    wanted: 1,
    rampMs: 1,
    open: encodeTimes([3]),
    failures: '',
    intervals: seconds.map(interval),
  };
}
