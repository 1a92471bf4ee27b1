import { expect, it } from 'vitest';
import { watchStalls } from '../../../harness/probes/stall-watch.ts';

/** What is told of looks that come so much too late, while the thread computes for so long. */
async function stallsOf(
  looks: readonly { readonly lateMs: number; readonly cpuMs?: number }[],
): Promise<number[]> {
  const told: number[] = [];
  const done = Promise.withResolvers<void>();
  let [nowMs, cpuMs, look] = [0, 0, 0];
  const clock = {
    now: () => nowMs,
    async sleep(ms: number) {
      const next = looks[look];
      look += 1;
      if (next === undefined) {
        done.resolve();
        return new Promise<void>(() => {});
      }
      nowMs += ms + next.lateMs;
      cpuMs += next.cpuMs ?? 0;
    },
  };
  using _watch = watchStalls({ onStall: (lateMs) => told.push(lateMs), clock, cpuMs: () => cpuMs });
  await done.promise;
  return told;
}

it('tells for how long the thread stood still', async () => {
  expect(await stallsOf([{ lateMs: 1 }, { lateMs: 1_200 }, { lateMs: 0 }, { lateMs: 20 }])).toEqual([
    1_200, 20,
  ]);
});

it('tells nothing of usual slices, nor of what the thread itself computed', async () => {
  expect(await stallsOf([{ lateMs: 19 }, { lateMs: 900, cpuMs: 890 }])).toEqual([]);
});

it('tells the rest where it did both', async () => {
  expect(await stallsOf([{ lateMs: 1_000, cpuMs: 400 }])).toEqual([600]);
});

it('sees a thread that is held from its loop, on the real clock, and takes its own work for none', async () => {
  const told: number[] = [];
  using _watch = watchStalls({ onStall: (lateMs) => told.push(lateMs) });
  await new Promise((resolve) => setTimeout(resolve, 30));

  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  await new Promise((resolve) => setTimeout(resolve, 30));

  expect(Math.max(...told)).toBeGreaterThan(200);
});

it('takes a last look when it is ended before its timer had a turn', () => {
  const told: number[] = [];
  let nowMs = 0;
  const clock = { now: () => nowMs, sleep: () => new Promise<void>(() => {}) };
  const watch = watchStalls({ onStall: (lateMs) => told.push(lateMs), clock, cpuMs: () => 0 });

  nowMs = 1_510;
  watch[Symbol.dispose]();
  watch[Symbol.dispose]();

  expect(told).toEqual([1_500]);
});
