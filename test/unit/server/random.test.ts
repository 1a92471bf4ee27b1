import { expect, it } from 'vitest';
import { seededRandom } from '../../../services/random.ts';

const draws = (seed: number | string, count: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

it('repeats its draws for the same seed', () => {
  expect(draws(42, 10)).toEqual(draws(42, 10));
});

it('gives other draws for another seed', () => {
  expect(draws(42, 10)).not.toEqual(draws(43, 10));
});

it('draws evenly from 0 up to 1', () => {
  const all = draws('even', 10_000);
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => all.filter((draw) => Math.floor(draw * 10) === tenth).length,
  );

  expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...all)).toBeLessThan(1);
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

it('forks by name alone, whatever has been drawn', () => {
  const fresh = seededRandom(7);
  const used = seededRandom(7);
  used.next();

  expect(used.fork('retry').next()).toBe(fresh.fork('retry').next());
  expect(fresh.fork('retry').next()).not.toBe(fresh.fork('jitter').next());
});
