import { expect, it } from 'vitest';
import { bootstrap, intervalOf } from '../../../harness/bench/statistics/bootstrap.ts';
import { comparePaired, compareUnpaired, fewestRounds } from '../../../harness/bench/statistics/compare.ts';
import { deviation, median, medianOfAscending, quantile } from '../../../harness/bench/statistics/order.ts';
import { type Random, seededRandom } from '../../../proxy/core/random.ts';

/** Normally distributed (Box and Muller). */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/**
 * Medians of rounds as a busy machine gives them: both variants share a drift of up to 40 %, each has 4 % of its own, and one
 * take in twelve meets something else and is up to half as long again.
 */
function* rounds(random: Random, cost: number): Generator<readonly [base: number, other: number]> {
  const hiccup = (): number => (random.next() < 1 / 12 ? 1 + random.next() / 2 : 1);
  for (let round = 0; ; round += 1) {
    const drift = 2 * (1.2 + 0.2 * Math.sin(round / 7)) * Math.exp(0.05 * normal(random));
    const own = (): number => drift * Math.exp(0.04 * normal(random)) * hiccup();
    yield [own(), own() * cost];
  }
}

/** Rounds until it is decided, 60 at most, as a budget of 90 s has room for. */
function compareUntilDecided(seed: number, cost: number) {
  const random = seededRandom(`${seed}`);
  const base: number[] = [];
  const other: number[] = [];
  for (const [one, two] of rounds(random.fork('rounds'), cost)) {
    base.push(one);
    other.push(two);
    if (base.length < fewestRounds) continue;
    const options = { random: random.fork('bootstrap'), threshold: 0.02, resamples: 300 };
    const comparison = comparePaired(base, other, options);
    if (comparison.decision !== 'undecided' || base.length === 60) return comparison;
  }
  throw new Error('Expected a comparison');
}

const twenty = Array.from({ length: 20 }, (_, seed) => seed + 1);
const decisions = (cost: number) => twenty.map((seed) => compareUntilDecided(seed, cost).decision);

it('finds no regression in twenty comparisons of the same with the same', () => {
  const found = decisions(1);

  expect(found.filter((decision) => decision === 'regression')).toEqual([]);
  expect(found.filter((decision) => decision === 'improvement')).toEqual([]);
});

it('finds at least 19 of 20 regressions by a fifth', () => {
  expect(decisions(1.2).filter((decision) => decision === 'regression').length).toBeGreaterThanOrEqual(19);
});

it('finds at least 15 of 20 regressions by a twentieth, and calls the others undecided', () => {
  const found = decisions(1.05);

  expect(found.filter((decision) => decision === 'regression').length).toBeGreaterThanOrEqual(15);
  expect(found.filter((decision) => !['regression', 'undecided'].includes(decision))).toEqual([]);
});

it('finds improvements as it finds regressions', () => {
  expect(decisions(1 / 1.2).filter((decision) => decision === 'improvement').length).toBeGreaterThanOrEqual(
    19,
  );
});

it('names the ratio, with an interval that holds it', () => {
  const comparison = compareUntilDecided(7, 1.5);

  expect(comparison.ratio).toBeGreaterThan(1.4);
  expect(comparison.ratio).toBeLessThan(1.6);
  expect(comparison.interval[0]).toBeLessThan(comparison.ratio);
  expect(comparison.interval[1]).toBeGreaterThan(comparison.ratio);
});

/** Decides by ratios of rounds whose base was 1 each time. */
const decide = (ratios: readonly number[], better: 'lower' | 'higher' = 'lower') =>
  comparePaired(
    ratios.map(() => 1),
    ratios,
    { random: seededRandom(1), threshold: 0.05, better },
  ).decision;

const about = (ratio: number): number[] =>
  [-2, -1, 0, 1, 2, 0, 1, -1, 0, 1, -1].map((step) => ratio + step / 200);

it('decides by where the whole interval lies', () => {
  expect(decide(about(1))).toBe('equal');
  expect(decide(about(1.2))).toBe('regression');
  expect(decide(about(0.8))).toBe('improvement');
  expect(decide(about(1.05))).toBe('undecided');
  expect(decide(about(1.2), 'higher')).toBe('improvement');
});

it('looks at ten rounds before it calls anything a difference', () => {
  const nine = Array.from({ length: 9 }, () => 1.2);

  expect(decide(nine)).toBe('undecided');
  expect(decide([...nine, 1.2])).toBe('regression');
});

it('decides nothing on a few rounds, however far they are apart', () => {
  const base = Array.from({ length: fewestRounds - 1 }, () => 1);
  const other = base.map(() => 2);

  expect(comparePaired(base, other, { random: seededRandom(1), threshold: 0.05 }).decision).toBe('undecided');
});

it('is wide where two days are compared that both were restless', () => {
  const random = seededRandom(3);
  const day = (): number[] => Array.from({ length: 10 }, () => Math.exp(0.1 * normal(random)));
  const compared = compareUnpaired(day(), day(), { random, threshold: 0.02 });

  expect(compared.decision).toBe('undecided');
});

it('gives the same interval for the same seed, and another one for another', () => {
  const values = [1, 2, 3, 5, 8, 13];
  const interval = (seed: number) =>
    intervalOf(bootstrap(values, medianOfAscending, { random: seededRandom(seed), resamples: 50 }), 0.95);

  expect(interval(1)).toEqual(interval(1));
  expect(interval(1)).not.toEqual(interval(2));
});

it('refuses values that have no ratio', () => {
  const options = { random: seededRandom(1), threshold: 0.05 };

  expect(() => comparePaired([1, 0], [1, 1], options)).toThrow('positive');
  expect(() => comparePaired([1], [1, 1], options)).toThrow('each round');
});

it('takes median, deviation and quantile by rank', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(deviation([1, 2, 3, 100])).toBe(1);
  expect(quantile([10, 20, 30, 40], 0.5)).toBe(20);
  expect(() => median([])).toThrow('at least one');
});
