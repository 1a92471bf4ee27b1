import { expect, it } from 'vitest';
import { compareDurations } from '../../../../harness/report/history/compare-durations.ts';
import { pastScenario } from './past-runs.ts';

function compare(before: readonly number[], after: readonly number[]): ReturnType<typeof compareDurations> {
  const scenarios = (all: readonly number[]) =>
    all.map((durationMs, index) => pastScenario(`s${index}`, 'expected', { durationMs }));
  return compareDurations(new Map(scenarios(before).map((one) => [one.id, one])), scenarios(after));
}

it('names the one that takes longer, and by how much', () => {
  expect(compare([2_000, 2_000, 2_000, 2_000], [2_000, 6_000, 2_100, 1_900])).toEqual({
    usualRatio: 1.02,
    notable: [{ id: 's1', beforeMs: 2_000, afterMs: 6_000, ratio: 3 }],
  });
});

it('names none where all take longer, and says by how much', () => {
  expect(compare([1_000, 2_000, 4_000], [2_000, 4_000, 8_000])).toMatchObject({
    notable: [],
    usualRatio: 1.89,
  });
});

it('lets scenarios of milliseconds jump', () => {
  expect(compare([20, 20, 20], [20, 140, 20]).notable).toEqual([]);
});

it('names the farthest first, in both directions', () => {
  const { notable } = compare([3_000, 9_000, 3_000, 3_000, 3_000], [6_000, 1_000, 3_000, 3_000, 3_000]);

  expect(notable.map(({ id }) => id)).toEqual(['s1', 's0']);
});

it('holds two scenarios against nothing but themselves', () => {
  expect(compare([1_000, 1_000], [3_000, 3_000]).notable).toHaveLength(2);
});

it('survives durations of nothing', () => {
  expect(compare([0, 0, 0], [0, 0, 0])).toEqual({ usualRatio: 1, notable: [] });
});
