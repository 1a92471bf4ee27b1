/** The wall clock's waits. */
import { expect, it } from 'vitest';
import { systemClock } from '../../../proxy/core/clock.ts';

it('waits fractions of a millisecond, where timers know whole ones only', async () => {
  const clock = systemClock();
  const waits: number[] = [];
  for (let count = 0; count < 20; count += 1) {
    const started = clock.now();
    await clock.sleep(0.2);
    waits.push(clock.now() - started);
  }
  waits.sort((a, b) => a - b);

  expect(waits[0]).toBeGreaterThanOrEqual(0.2);
  expect(waits[5]).toBeLessThan(0.9);
});

it.each([0.5, 20])('gives up a wait of %s ms once it is aborted', async (ms) => {
  const giveUp = new AbortController();
  const waiting = systemClock().sleep(ms, giveUp.signal);

  giveUp.abort('enough');

  await expect(waiting).rejects.toBe('enough');
});
