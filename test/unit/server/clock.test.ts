import { expect, it } from 'vitest';
import { scaledClock, systemClock } from '../../../services/clock.ts';
import { manualClock } from '../../support/manual-clock.ts';

it('rejects a sleep that is aborted already', async () => {
  const reason = new Error('stop');

  await expect(systemClock().sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
});

it('rejects a sleep with the reason once it is aborted', async () => {
  const controller = new AbortController();
  const reason = new Error('stop');

  const sleeping = systemClock().sleep(60_000, controller.signal);
  controller.abort(reason);

  await expect(sleeping).rejects.toBe(reason);
});

it('reads the same in two programs that were given the same rate and epoch', async () => {
  const wall = manualClock();
  const epochMs = wall.now();
  const first = scaledClock(wall, 20, epochMs);
  await wall.advance(100);
  const second = scaledClock(wall, 20, epochMs);

  expect(second.now()).toBe(first.now());
  expect(first.now()).toBe(epochMs + 2000);
});

it('waits for the time of its own clock', async () => {
  const wall = manualClock();
  const clock = scaledClock(wall, 20);

  const waited = clock.sleep(2000);
  await wall.advance(100);

  await waited;
});

it.each([
  2 ** 31,
  1e12,
  Number.POSITIVE_INFINITY,
])('does not take a wait of %d ms for a short one', async (ms) => {
  const controller = new AbortController();
  let isOver = false;
  const sleeping = systemClock()
    .sleep(ms, controller.signal)
    .then(
      () => {
        isOver = true;
      },
      () => {},
    );

  await systemClock().sleep(20);
  expect(isOver).toBe(false);

  controller.abort();
  await sleeping;
});
