import { expect, it } from 'vitest';
import { position, ticks } from '../../../../harness/report/html/time-scale.ts';

it('places times in percent and keeps them on the axis', () => {
  const view = { from: 0, to: 60_000 };

  expect([position(0, view), position(20_000, view), position(70_000, view), position(-5, view)]).toEqual([
    '0%',
    '33.33%',
    '100%',
    '0%',
  ]);
  expect(position(5, { from: 0, to: 0 })).toBe('0%');
});

it.each([
  [60_000, ['0', '10 s', '20 s', '30 s', '40 s', '50 s', '60 s']],
  [700, ['0', '100 ms', '200 ms', '300 ms', '400 ms', '500 ms', '600 ms', '700 ms']],
  [1_500, ['0', '200 ms', '400 ms', '600 ms', '800 ms', '1 s', '1.2 s', '1.4 s']],
  [900_000, ['0', '2 min', '4 min', '6 min', '8 min', '10 min', '12 min', '14 min']],
])('labels an axis of %d ms with round times', (end, labels) => {
  expect(ticks({ from: 0, to: end }).map(({ label }) => label)).toEqual(labels);
});

it('labels a part of the time as finely as it is looked at', () => {
  expect(ticks({ from: 45_290, to: 45_350 }).map(({ label }) => label)).toEqual([
    ...['45.29 s', '45.3 s', '45.31 s', '45.32 s', '45.33 s', '45.34 s', '45.35 s'],
  ]);
  expect(position(45_320, { from: 45_290, to: 45_350 })).toBe('50%');
});

it('has a few ticks however long the axis is', () => {
  for (const end of [1, 9, 1e5, 1e8, 1e11])
    expect(ticks({ from: 0, to: end }).length).toBeLessThanOrEqual(10);
});
