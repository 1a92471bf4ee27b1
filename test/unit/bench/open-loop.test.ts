import { expect, it } from 'vitest';
import { openLoop } from '../../../harness/bench/load/open-loop.ts';

/** A clock that only waits move; a timer is late by `lateMs`. */
function manualClock(lateMs = 0) {
  let now = 1_000;
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms + lateMs;
    },
  };
}

it('plans each request by the rate, whatever became of the one before', async () => {
  const clock = manualClock();
  const sentAt: number[] = [];
  const never = new Promise<number>(() => {});
  void openLoop({
    ratePerSecond: 100,
    durationMs: 100,
    clock,
    send: (index) => {
      sentAt.push(clock.now());
      return index === 0 ? never : Promise.resolve(clock.now());
    },
  });
  for (let turn = 0; turn < 500; turn += 1) await Promise.resolve();

  expect(sentAt.map((moment) => Math.round(moment - 1_000))).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
});

it('counts lateness from the plan, and reports it as its own error', async () => {
  const clock = manualClock(5);

  const result = await openLoop({ ratePerSecond: 100, durationMs: 50, clock, send: async () => clock.now() });

  expect(result.scheduleErrorMs.map(Math.round)).toEqual([0, 4, 4, 4, 4]);
  // Each was begun when it was handed over, so what is from the plan on and not service is the generator's lateness.
  expect(result.fromPlanMs.map((ms, index) => Math.round(ms - (result.serviceMs[index] ?? 0)))).toEqual([
    0, 4, 4, 4, 4,
  ]);
});

it('counts what failed by its code, and gives it no duration', async () => {
  const clock = manualClock();
  const send = async (index: number): Promise<number> => {
    if (index % 2 === 0) throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    return clock.now();
  };

  const result = await openLoop({ ratePerSecond: 100, durationMs: 100, clock, send });

  expect(result.errors).toEqual({ ECONNRESET: 5 });
  expect(result.serviceMs).toHaveLength(5);
  expect(result.scheduleErrorMs).toHaveLength(10);
});
