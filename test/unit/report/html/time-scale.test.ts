import { expect, it } from 'vitest';
import { position, ticks } from '../../../../harness/report/html/time-scale.ts';

it('places times in percent and keeps them on the axis', () => {
  expect([
    position(0, 60_000),
    position(20_000, 60_000),
    position(70_000, 60_000),
    position(-5, 60_000),
  ]).toEqual(['0%', '33.33%', '100%', '0%']);
  expect(position(5, 0)).toBe('0%');
});

it.each([
  [60_000, ['0', '10 s', '20 s', '30 s', '40 s', '50 s', '60 s']],
  [700, ['0', '100 ms', '200 ms', '300 ms', '400 ms', '500 ms', '600 ms', '700 ms']],
  [1_500, ['0', '200 ms', '400 ms', '600 ms', '800 ms', '1 s', '1.2 s', '1.4 s']],
  [900_000, ['0', '2 min', '4 min', '6 min', '8 min', '10 min', '12 min', '14 min']],
])('labels an axis of %d ms with round times', (end, labels) => {
  expect(ticks(end).map(({ label }) => label)).toEqual(labels);
});

it('has a few ticks however long the axis is', () => {
  for (const end of [1, 9, 1e5, 1e8, 1e11]) expect(ticks(end).length).toBeLessThanOrEqual(10);
});
