/** Delays by distribution: their statistics over many seeded draws, and the toxics that use them. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../proxy/core/random.ts';
import { type DelayParameters, delayAt } from '../../../proxy/toxics/shared/delay-distribution.ts';
import { correlatedNormal, drawNormal, shareBelow } from '../../../proxy/toxics/shared/normal.ts';
import { ToxicRig } from './toxic-rig.ts';

const drawCount = 40_000;

/** Mean, deviation and quantiles of many delays. */
function statistics(parameters: Partial<DelayParameters>, correlation = 0) {
  const draw = correlatedNormal(seededRandom(11));
  const full: DelayParameters = { distribution: 'normal', mean: 100, deviation: 20, ...parameters };
  const delays = Array.from({ length: drawCount }, () => delayAt(full, { normal: draw(correlation) }));
  const mean = delays.reduce((sum, delay) => sum + delay) / drawCount;
  const deviation = Math.sqrt(delays.reduce((sum, delay) => sum + (delay - mean) ** 2, 0) / drawCount);
  const sorted = delays.toSorted((a, b) => a - b);
  const quantile = (share: number): number => sorted[Math.floor(share * drawCount)] ?? Number.NaN;
  const neighbours = delays.slice(1).reduce((sum, delay, index) => {
    return sum + (delay - mean) * ((delays[index] ?? mean) - mean);
  }, 0);
  return { mean, deviation, quantile, autocorrelation: neighbours / drawCount / deviation ** 2 };
}

/** Within a share of what is expected. */
const near = (expected: number, tolerance = 0.02) => ({
  asymmetricMatch: (value: number) => Math.abs(value - expected) <= Math.abs(expected) * tolerance,
  toString: () => `near ${expected}`,
});

describe('statistics of 40,000 draws', () => {
  it('normal has its mean, deviation and quantiles', () => {
    const { mean, deviation, quantile } = statistics({ distribution: 'normal' });

    expect([mean, deviation]).toEqual([near(100), near(20)]);
    expect([quantile(0.05), quantile(0.5), quantile(0.95)]).toEqual([near(67.1), near(100), near(132.9)]);
  });

  it('normal is cut off at 0, never negative', () => {
    const { quantile } = statistics({ mean: 10, deviation: 20 });

    expect(quantile(0)).toBe(0);
    expect(quantile(0.2)).toBe(0);
    expect(quantile(0.9)).toEqual(near(35.6));
  });

  it('uniform lies within the mean and its deviation', () => {
    const { mean, quantile } = statistics({ distribution: 'uniform', deviation: 40 });

    expect(mean).toEqual(near(100));
    expect([quantile(0), quantile(0.25), quantile(0.75), quantile(0.99999)]).toEqual([
      near(60),
      near(80),
      near(120),
      near(140),
    ]);
  });

  it('lognormal has the mean and deviation of the delays, a median below them and a long tail', () => {
    const { mean, deviation, quantile } = statistics({ distribution: 'lognormal', deviation: 100 });
    const sigma = Math.sqrt(Math.log(2));

    expect([mean, deviation]).toEqual([near(100), near(100, 0.05)]);
    expect(quantile(0.5)).toEqual(near(100 / Math.SQRT2));
    expect(quantile(0.99)).toEqual(near((100 / Math.SQRT2) * Math.exp(2.326 * sigma), 0.05));
  });

  it('pareto has its mean, a least delay, and a tail by its shape', () => {
    const { mean, quantile } = statistics({ distribution: 'pareto', mean: 300, shape: 3 });

    expect(mean).toEqual(near(300));
    expect([quantile(0), quantile(0.5), quantile(0.99)]).toEqual([
      near(200),
      near(200 * 2 ** (1 / 3)),
      near(200 * 100 ** (1 / 3), 0.05),
    ]);
  });

  it.each([
    'normal',
    'lognormal',
    'uniform',
    'pareto',
  ] as const)('%s keeps its mean and quantiles when draws follow one another', (distribution) => {
    const free = statistics({ distribution });
    const tied = statistics({ distribution }, 0.8);

    expect(Math.abs(free.autocorrelation)).toBeLessThan(0.02);
    expect(tied.autocorrelation).toBeGreaterThan(0.6);
    expect(tied.mean).toEqual(near(free.mean, 0.03));
    expect(tied.quantile(0.9)).toEqual(near(free.quantile(0.9), 0.03));
  });

  it('draws are normal, and the share below each is known', () => {
    const random = seededRandom(3);
    const draws = Array.from({ length: drawCount }, () => drawNormal(random));
    const below = (z: number): number => draws.filter((draw) => draw < z).length / drawCount;

    for (const z of [-2, -1, 0, 0.5, 1.5]) expect(Math.abs(below(z) - shareBelow(z))).toBeLessThan(0.01);
    expect([shareBelow(-1.959964), shareBelow(0), shareBelow(1.644854)]).toEqual([
      expect.closeTo(0.025, 6),
      expect.closeTo(0.5, 6),
      expect.closeTo(0.95, 6),
    ]);
  });
});

describe('latency_distribution', () => {
  /** The delays of messages that come so far apart that none waits for another. */
  async function delaysOf(
    attributes: object,
    messages: number,
    everyMs = 1_000,
    seed = 1,
  ): Promise<number[]> {
    const rig = new ToxicRig({ type: 'latency_distribution', attributes }, { seed });
    for (let message = 0; message < messages; message += 1) {
      rig.arrive('x');
      await rig.advance(everyMs);
    }
    return rig.outcomes.map(({ at }, index) => at - index * everyMs);
  }

  it('is constant unless told otherwise', async () => {
    expect(await delaysOf({ mean: 70 }, 3)).toEqual([70, 70, 70]);
  });

  it('plays a trace over and over, from a list or a text', async () => {
    const trace = [5, 0, 120];
    const expected = [5, 0, 120, 5, 0];

    expect(await delaysOf({ distribution: 'trace', trace }, 5)).toEqual(expected);
    expect(await delaysOf({ distribution: 'trace', trace: '5, 0\n120' }, 5)).toEqual(expected);
  });

  it('follows a sine and a square wave by the clock', async () => {
    const wave = { mean: 100, deviation: 50, period: 4_000 };

    expect(await delaysOf({ distribution: 'sine', ...wave }, 5)).toEqual([100, 150, 100, 50, 100]);
    expect(await delaysOf({ distribution: 'square', ...wave }, 5)).toEqual([150, 150, 50, 50, 150]);
  });

  it('caps delays at max', async () => {
    const delays = await delaysOf({ distribution: 'pareto', mean: 200, shape: 1.1, max: 300 }, 200);

    expect(Math.max(...delays)).toBe(300);
    expect(delays.filter((delay) => delay < 300).length).toBeGreaterThan(100);
  });

  it('draws by the seed', async () => {
    const attributes = { distribution: 'normal', mean: 100, deviation: 30 };

    expect(await delaysOf(attributes, 20)).toEqual(await delaysOf(attributes, 20));
    expect(await delaysOf(attributes, 20)).not.toEqual(await delaysOf(attributes, 20, 1_000, 2));
  });

  it('keeps the order: a short delay behind a long one waits', async () => {
    const rig = new ToxicRig({
      type: 'latency_distribution',
      attributes: { distribution: 'trace', trace: [100, 10] },
    });
    rig.arrive('a');
    rig.arrive('b');
    await rig.advance(50);
    rig.arrive('c');
    await rig.advance(500);

    expect(rig.log()).toEqual(['100: a', '100: b', '150: c']);
  });

  it.each([
    [{ distribution: 'cauchy' }, 'constant, uniform, normal'],
    [{ distribution: 'trace' }, 'at least one delay'],
    [{ trace: [1, -2] }, 'got -2'],
    [{ trace: '1;2' }, 'a list of integers'],
    [{ shape: 1 }, 'from 1.01'],
    [{ correlation: 2 }, 'from 0 to 1'],
    [{ mean: -1 }, 'at least 0'],
    [{ period: 0 }, 'at least 1'],
  ])('refuses %j', (attributes, expected) => {
    expect(() => new ToxicRig({ type: 'latency_distribution', attributes })).toThrow(expected);
  });
});
