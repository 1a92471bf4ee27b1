/** What moments come to, and when two incidents are the same. */
import { describe, expect, it } from 'vitest';
import { compare } from '../../../harness/incident/compare.ts';
import type { Feature } from '../../../harness/incident/features/features.ts';
import { seriesOf } from '../../../harness/incident/features/series.ts';

describe('moments', () => {
  it('are grouped by the step between short gaps and long ones', () => {
    const times = [0, 5_000, 10_000].flatMap((start) => [start, start + 100, start + 220]);
    const { groups, size, periodMs } = seriesOf(times);
    expect(groups).toHaveLength(3);
    expect(size).toBe(3);
    expect(periodMs).toBe(5_000);
  });

  it('are not grouped where they come regularly, even with a pause', () => {
    const times = [0, 5, 10, 15, 20, 25, 600, 605, 610].map((s) => s * 1_000);
    const { size, periodMs, jitter } = seriesOf(times);
    expect({ size, periodMs, jitter }).toEqual({ size: 1, periodMs: 5_000, jitter: 0 });
  });

  it('have the mean period where a clock counts whole seconds', () => {
    const { periodMs, jitter } = seriesOf([0, 2, 3, 4, 5, 7].map((s) => s * 1_000));
    expect({ periodMs, jitter }).toEqual({ periodMs: 1_400, jitter: 0 });
  });

  it('have no period when there are too few', () => {
    expect(seriesOf([])).toEqual({ groups: [], size: 0, gaps: [] });
    expect(seriesOf([7]).periodMs).toBeUndefined();
    expect(seriesOf([0, 6_000]).periodMs).toBeUndefined();
  });
});

describe('two incidents', () => {
  const feature = (id: string, value: number, unit: Feature['unit'] = 'ms'): Feature => ({
    id,
    value,
    unit,
    tolerance: { share: 0.2, least: 0 },
  });
  const reset = feature('shows reset', 1, 'yes');
  const every = feature('reset every', 5_000);

  it('are the same when each figure is within its tolerance', () => {
    expect(compare([reset, every], [reset, feature('reset every', 5_900)]).verdict).toBe('same pattern');
  });

  it('are similar when a figure is not, is missing, or something else fails besides', () => {
    expect(compare([reset, every], [reset, feature('reset every', 6_100)]).verdict).toBe('similar');
    expect(compare([reset, every], [reset]).verdict).toBe('similar');
    expect(compare([reset], [reset, feature('shows refused', 1, 'yes')]).verdict).toBe('similar');
  });

  it('are not the same when no failure comes again', () => {
    expect(compare([reset, every], []).verdict).toBe('not reproduced');
    expect(compare([reset, every], [feature('shows refused', 1, 'yes'), every]).verdict).toBe(
      'not reproduced',
    );
  });

  it('do not differ by what only the longer log can show', () => {
    expect(compare([reset], [reset, every]).verdict).toBe('same pattern');
  });
});
