import { expect, it } from 'vitest';
import { runEvery } from '../../../../services/agent/http/run-every.ts';
import { manualClock } from '../../../support/manual-clock.ts';

it('keeps its beat whatever a round takes, leaves out what it missed, and ends when told to', async () => {
  const clock = manualClock();
  const startMs = clock.now();
  const begun: number[] = [];
  const stop = new AbortController();
  const takesMs = [0, 0, 12_000, 0, 0];
  const rounds = { clock, intervalMs: 5_000, firstAfterMs: 1_000, signal: stop.signal };
  const running = runEvery(rounds, async () => {
    begun.push(clock.now() - startMs);
    await clock.sleep(takesMs[begun.length - 1] ?? 0);
  });

  await clock.advance(32_000);
  stop.abort();
  await running;

  expect(begun).toEqual([1_000, 6_000, 11_000, 26_000, 31_000]);
  expect(clock.sleepers).toBe(0);
});

it('rejects with what a round throws', async () => {
  const clock = manualClock();
  const rounds = { clock, intervalMs: 1, firstAfterMs: 0, signal: new AbortController().signal };
  const running = runEvery(rounds, () => {
    throw new Error('broken');
  });
  running.catch(() => {});

  await clock.advance(1);

  await expect(running).rejects.toThrow('broken');
});
