import { expect, it } from 'vitest';
import { type CpuTimes, idleShare, workersOn } from '../../../harness/run/workers.ts';

/** What is found idle between two readings. */
function between(before: CpuTimes, after: CpuTimes): Promise<number> {
  const readings = [before, after];
  return idleShare(() => readings.shift() ?? after, { sleep: async () => {} });
}

it('takes as idle what of the processors’ time nobody used meanwhile', async () => {
  expect(await between({ idle: 1_000, all: 5_000 }, { idle: 1_250, all: 5_500 })).toBe(0.5);
  expect(await between({ idle: 1_000, all: 5_000 }, { idle: 1_000, all: 5_500 })).toBe(0);
});

it('takes a system that tells no times for an idle one', async () => {
  expect(await between({ idle: 0, all: 0 }, { idle: 0, all: 0 })).toBe(1);
});

it('reads the times of this machine', async () => {
  const idle = await idleShare();

  expect(idle).toBeGreaterThanOrEqual(0);
  expect(idle).toBeLessThanOrEqual(1);
});

it.each([
  { idle: 1, usual: 4, workers: 4 },
  { idle: 0.75, usual: 4, workers: 4 },
  { idle: 0.5, usual: 4, workers: 2 },
  { idle: 0.2, usual: 4, workers: 1 },
  { idle: 0, usual: 4, workers: 1 },
  { idle: 0.5, usual: 1, workers: 1 },
])('plays $workers at a time of the usual $usual where $idle is idle', ({ idle, usual, workers }) => {
  expect(workersOn(idle, usual)).toBe(workers);
});
