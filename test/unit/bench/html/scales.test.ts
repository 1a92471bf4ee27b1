import { describe, expect, it } from 'vitest';
import {
  ninesOf,
  percentileTicks,
  placeOfShare,
  shareAt,
} from '../../../../harness/bench/report/html/percentile-scale.ts';
import { ratioScale } from '../../../../harness/bench/report/html/ratio-scale.ts';
import { valueScale } from '../../../../harness/bench/report/html/value-scale.ts';

describe('the axis of percentiles', () => {
  it('gives each nine as much room as the one before', () => {
    const [none = 0, one = 0, two = 0, three = 0] = [0, 0.9, 0.99, 0.999].map((share) =>
      placeOfShare(share, 3),
    );

    expect(none).toBe(0);
    expect([one, two, three].map((place) => Math.round(place * 300))).toEqual([100, 200, 300]);
  });

  it('ends where there are no more values: 1,000 of them have three nines', () => {
    expect(ninesOf(1_000)).toBeCloseTo(3);
    expect(ninesOf(0)).toBe(1);
    expect(ninesOf(10 ** 12)).toBe(6);
    expect(percentileTicks(ninesOf(1_000)).map(({ label }) => label)).toEqual([
      '0',
      '50',
      '90',
      '99',
      '99.9',
    ]);
  });

  it('finds the share of a place again', () => {
    for (const share of [0, 0.3, 0.5, 0.9, 0.997])
      expect(shareAt(placeOfShare(share, 4), 4)).toBeCloseTo(share, 10);
  });
});

describe('the axis of values', () => {
  it('begins at nothing where values are near each other', () => {
    const scale = valueScale([20, 47]);

    expect(scale.kind).toBe('linear');
    expect(scale.ticks.map(({ label }) => label)).toEqual(['0', '10', '20', '30', '40', '50']);
    expect(scale.place(25)).toBeCloseTo(0.5);
  });

  it('is logarithmic where they lie far apart', () => {
    const scale = valueScale([1, 100]);

    expect(scale.kind).toBe('logarithmic');
    expect(scale.place(10)).toBeCloseTo(0.5);
    expect(scale.ticks.map(({ label }) => label)).toEqual(['1', '2', '5', '10', '20', '50', '100']);
  });

  it.each([
    [[]],
    [[0]],
    [[5]],
    [[0.003]],
    [[Number.NaN, 3]],
    [[1e-6, 1e6]],
  ])('has a place within it for %j and for what lies beyond', (values) => {
    const scale = valueScale(values);

    for (const value of [...values.filter((one) => one > 0), 0, -1, 1e12]) {
      expect(scale.place(value)).toBeGreaterThanOrEqual(0);
      expect(scale.place(value)).toBeLessThanOrEqual(1);
    }
    expect(scale.ticks.length).toBeGreaterThanOrEqual(1);
    expect(scale.ticks.length).toBeLessThanOrEqual(14);
  });
});

describe('the axis of ratios', () => {
  it('has twice and half as much equally far from the same', () => {
    const { place, ticks } = ratioScale([0.4, 2.6]);

    expect(place(2) - place(1)).toBeCloseTo(place(1) - place(0.5));
    expect(ticks.map(({ label }) => label)).toEqual(['×0.5', '×1', '×2']);
  });

  it.each([
    [[]],
    [[1, 1]],
    [[0.99, 1.01]],
    [[0, Number.POSITIVE_INFINITY]],
    [[1e-9, 1e9]],
  ])('shows the same within %j', (ratios) => {
    const { place, ticks } = ratioScale(ratios);

    expect(place(1)).toBeGreaterThan(0);
    expect(place(1)).toBeLessThan(1);
    expect(ticks.map(({ label }) => label)).toContain('×1');
    expect([place(1e-12), place(1e12)]).toEqual([0, 1]);
  });
});
