import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { watchStalls } from '../../../harness/probes/stall-watch.ts';

interface Look {
  /** How much too late it comes. */
  readonly lateMs: number;
  /** How long the thread computed, waited for a processor, and was outside of the loop's wait meanwhile. */
  readonly cpuMs?: number;
  readonly queuedMs?: number;
  readonly activeMs?: number;
}

/** What is told of such looks, on a system that tells of its queue or not. */
async function told(
  looks: readonly Look[],
  { tells = true } = {},
): Promise<{ stalls: number[]; held: number[] }> {
  const stalls: number[] = [];
  const held: number[] = [];
  const done = Promise.withResolvers<void>();
  let [nowMs, cpuMs, queuedMs, activeMs, look] = [0, 0, 0, 0, 0];
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
      queuedMs += next.queuedMs ?? 0;
      activeMs += next.activeMs ?? 0;
    },
  };
  const times = () => ({ cpuMs, activeMs, queuedMs: tells ? queuedMs : undefined });
  using _watch = watchStalls({
    onStall: (ms) => stalls.push(ms),
    onHeld: (ms) => held.push(ms),
    clock,
    times,
  });
  await done.promise;
  return { stalls, held };
}

const stallsOf = async (looks: readonly Look[]): Promise<number[]> => (await told(looks)).stalls;

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

it.each([
  ['a stop of the whole program in its loop', { lateMs: 900 }, [900], []],
  ['a queue for the processor', { lateMs: 900, activeMs: 910, queuedMs: 880 }, [900], []],
  ['a call that waits', { lateMs: 900, activeMs: 910, queuedMs: 5 }, [], [905]],
  ['a call that waits on a busy machine', { lateMs: 900, activeMs: 910, queuedMs: 200 }, [190], [710]],
  ['a call that waits and computes', { lateMs: 900, cpuMs: 500, activeMs: 910, queuedMs: 10 }, [], [400]],
  ['a queue, and some sleep', { lateMs: 900, activeMs: 910, queuedMs: 600 }, [900], []],
  ['a short sleep', { lateMs: 80, activeMs: 90 }, [80], []],
])('tells of %s by the thread that waited', async (_what, look: Look, stalls, held) => {
  expect(await told([look])).toEqual({ stalls, held });
});

it('takes a call that waits for a stall where the system does not tell', async () => {
  expect(await told([{ lateMs: 900, activeMs: 910 }], { tells: false })).toEqual({ stalls: [900], held: [] });
});

const tellsQueue = existsSync('/proc/thread-self/schedstat');
if (!tellsQueue) console.log('skipped: this system does not tell how long a thread waits for a processor');

it.skipIf(!tellsQueue).each([
  ['Atomics.wait', () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)],
  ['execSync', () => void execSync('sleep 0.4')],
])('sees that %s held the thread, on the real clock', async (_name, hold) => {
  const stalls: number[] = [];
  const held: number[] = [];
  using _watch = watchStalls({ onStall: (ms) => stalls.push(ms), onHeld: (ms) => held.push(ms) });
  await sleep(30);

  hold();
  await sleep(30);

  expect(Math.max(...held)).toBeGreaterThan(200);
  expect(Math.max(0, ...stalls)).toBeLessThan(Math.max(...held));
});

it('takes a last look when it is ended before its timer had a turn', () => {
  const stalls: number[] = [];
  let nowMs = 0;
  const clock = { now: () => nowMs, sleep: () => new Promise<void>(() => {}) };
  const watch = watchStalls({
    onStall: (lateMs) => stalls.push(lateMs),
    clock,
    times: () => ({ cpuMs: 0, activeMs: 0, queuedMs: 0 }),
  });

  nowMs = 1_510;
  watch[Symbol.dispose]();
  watch[Symbol.dispose]();

  expect(stalls).toEqual([1_500]);
});
