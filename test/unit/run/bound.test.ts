/** Tasks that never end, and machines that stand still. */

import { expect, it } from 'vitest';
import { bounded, late } from '../../../harness/run/bound.ts';
import type { Clock } from '../../../proxy/core/clock.ts';
import { manualClock } from '../../support/manual-clock.ts';

it('ends what never ends', async () => {
  const clock = manualClock();
  const outcome = bounded(new Promise(() => {}), 120_000, clock);

  await clock.advance(119_999);
  expect(clock.sleepers).toBe(1);
  await clock.advance(1);

  expect(await outcome).toBe(late);
});

it('counts no time in which the machine stood still', async () => {
  const hand = manualClock();
  let stoodStillMs = 0;
  const clock: Clock = { now: () => hand.now() + stoodStillMs, sleep: hand.sleep };
  const outcome = bounded(new Promise(() => {}), 120_000, clock);

  await hand.advance(1_000);
  stoodStillMs = 3_600_000;
  await hand.advance(100_000);
  expect(hand.sleepers).toBe(1);
  await hand.advance(19_000);

  expect(await outcome).toBe(late);
});

it.each([
  ['gives what came in time', () => Promise.resolve(7), 7],
  ['throws what was thrown in time', () => Promise.reject(new Error('mine')), 'mine'],
])('%s, and waits no longer', async (_name, story, expected) => {
  const clock = manualClock();

  const outcome = await bounded<unknown>(story(), 1_000, clock).catch((error: Error) => error.message);

  expect(outcome).toBe(expected);
  expect(clock.sleepers).toBe(0);
});
