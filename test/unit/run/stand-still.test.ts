/** Who stands still: code that never returns, or the machine. */
import { expect, it } from 'vitest';
import { judgeLooks, lookEveryMs, standStillBoundMs } from '../../../harness/run/stand-still.ts';

/** Looks at a process once every `everyMs` for `forMs`, and tells what was made of it and when. */
function watch(
  forMs: number,
  process: { beats: boolean; cpuShare: number; runs: boolean },
  everyMs: number = lookEveryMs,
) {
  const judge = judgeLooks({ beats: 0, cpuMs: 50, runs: true, nowMs: 0 });
  for (let nowMs = everyMs; nowMs <= forMs; nowMs += everyMs) {
    const beats = process.beats ? nowMs : 0;
    const how = judge({ beats, cpuMs: 50 + nowMs * process.cpuShare, runs: process.runs, nowMs });
    if (how) return { how, afterMs: nowMs };
  }
  return undefined;
}

const hourMs = 3_600_000;

it('tells code that never returns by the processor’s time that it got', () => {
  expect(watch(hourMs, { beats: false, cpuShare: 1, runs: true })).toEqual({ how: 'spins', afterMs: 10_000 });
  expect(watch(hourMs, { beats: false, cpuShare: 0.1, runs: true })).toEqual({
    how: 'spins',
    afterMs: 100_000,
  });
});

it('tells a call that never returns by a thread that does not want to run', () => {
  expect(watch(hourMs, { beats: false, cpuShare: 0, runs: false })).toEqual({
    how: 'blocks',
    afterMs: standStillBoundMs.blocks,
  });
});

it.each([
  ['works hard and comes to its turns', { beats: true, cpuShare: 1, runs: true }, lookEveryMs],
  ['has nothing to do', { beats: true, cpuShare: 0, runs: false }, lookEveryMs],
  ['wants to run and gets no processor', { beats: false, cpuShare: 0.001, runs: true }, lookEveryMs],
  ['is stopped with its watchdog', { beats: false, cpuShare: 0, runs: false }, 60_000],
])('lets a process be that %s', (_what, process, everyMs) => {
  expect(watch(hourMs, process, everyMs)).toBeUndefined();
});
