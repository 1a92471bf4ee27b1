import { describe, expect, it } from 'vitest';
import type { Schedule, ScheduledFault } from '../../../harness/explore/schedule.ts';
import { shrink } from '../../../harness/explore/shrink.ts';
import { simplerFaults } from '../../../harness/explore/simplify.ts';
import fc from '../../support/fast-check.ts';

const kinds = ['reset', 'silence', 'latency', 'refused', 'http-status', 'crash'];
const fault = fc.record({
  kind: fc.constantFrom(...kinds),
  atMs: fc.nat(60_000),
  forMs: fc.integer({ min: 1, max: 20_000 }),
  params: fc.constantFrom({}, { latency: 4_321 }, { stream: 'both' }),
});
/** Enough for any schedule here. */
const bounds = { budget: 5_000, stormMs: 80_000 };

const schedules = fc.array(fault, { minLength: 1, maxLength: 12 }).map((faults): Schedule => ({ faults }));

/** Fails with these kinds, whatever else there is. */
const needs =
  (...needed: string[]) =>
  async ({ faults }: Schedule): Promise<boolean> =>
    needed.every((kind) => faults.some((one) => one.kind === kind));

/** As a sweep shrinks a schedule. */
async function shrinkSchedule(
  { faults }: Schedule,
  fails: (schedule: Schedule) => Promise<boolean>,
  { budget, stormMs }: typeof bounds,
) {
  const { parts, ...rest } = await shrink(faults, {
    fails: (some) => fails({ faults: some }),
    simpler: (one) => simplerFaults(one, stormMs),
    isSpent: (executions) => executions >= budget,
  });
  return { ...rest, schedule: { faults: parts } };
}

describe('shrink', () => {
  it('leaves one fault of each kind that is needed, from any schedule', async () => {
    const needed = fc.uniqueArray(fc.constantFrom(...kinds), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(schedules, needed, async ({ faults }, kindsNeeded) => {
        const whole = {
          faults: [...faults, ...kindsNeeded.map((kind) => ({ kind, atMs: 1, forMs: 1, params: {} }))],
        };
        const { schedule, minimal } = await shrinkSchedule(whole, needs(...kindsNeeded), bounds);
        expect(schedule.faults.map(({ kind }) => kind).toSorted()).toEqual(kindsNeeded.toSorted());
        expect(minimal).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('ends with a schedule that fails, and of which each fault is needed', async () => {
    // Any two faults that overlap, of any kind.
    const overlap = async ({ faults }: Schedule): Promise<boolean> =>
      faults.some((one, at) =>
        faults.some(
          (other, index) =>
            index > at && other.atMs < one.atMs + one.forMs && one.atMs < other.atMs + other.forMs,
        ),
      );
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        fc.pre(await overlap(schedule));
        const { schedule: small } = await shrinkSchedule(schedule, overlap, bounds);
        expect(await overlap(small)).toBe(true);
        for (let at = 0; at < small.faults.length; at += 1)
          expect(await overlap({ faults: small.faults.toSpliced(at, 1) })).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('has what may hold throughout do so', async () => {
    const schedule = { faults: [{ kind: 'silence', atMs: 48_211, forMs: 9_876, params: {} }] };
    const { schedule: small } = await shrinkSchedule(schedule, needs('silence'), bounds);
    expect(small.faults).toEqual([{ kind: 'silence', atMs: 0, forMs: bounds.stormMs, params: {} }]);
  });

  it('rounds times as far as they matter, and keeps what is longer', async () => {
    const inTheMiddle = async ({ faults }: Schedule): Promise<boolean> =>
      faults.some(
        ({ atMs, forMs }) =>
          atMs > 12_345 && atMs <= 33_333 && atMs + forMs >= 40_100 && atMs + forMs < 58_700,
      );
    const schedule = { faults: [{ kind: 'silence', atMs: 33_211, forMs: 9_876, params: {} }] };
    const { schedule: small } = await shrinkSchedule(schedule, inTheMiddle, bounds);
    expect(small.faults).toMatchObject([{ atMs: 30_000, forMs: 20_000 }]);
  });

  it('finds that no fault is needed', async () => {
    const { schedule } = await shrinkSchedule(
      { faults: [{ kind: 'reset', atMs: 5, forMs: 5, params: {} }] },
      async () => true,
      bounds,
    );
    expect(schedule.faults).toEqual([]);
  });

  it('plays no schedule twice, and no more than it may', async () => {
    const played: string[] = [];
    const fails = async (schedule: Schedule): Promise<boolean> => {
      played.push(JSON.stringify(schedule));
      return needs('reset', 'silence')(schedule);
    };
    const faults = kinds.flatMap((kind, at) => [{ kind, atMs: at * 1_111, forMs: 2_222, params: {} }]);
    const { executions, minimal } = await shrinkSchedule({ faults }, fails, { ...bounds, budget: 6 });
    expect(new Set(played).size).toBe(played.length);
    expect([executions, played.length, minimal]).toEqual([6, 6, false]);
  });
});

describe('simplerFaults', () => {
  it('comes to an end from any fault', () => {
    fc.assert(
      fc.property(fault, (given) => {
        let simple: ScheduledFault = given;
        for (let steps = 0; steps < 200; steps += 1) {
          const [next] = simplerFaults(simple, bounds.stormMs);
          if (next === undefined) return;
          simple = next;
        }
        expect.fail(`${JSON.stringify(given)} never becomes simple`);
      }),
    );
  });
});
