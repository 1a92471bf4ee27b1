/** Stories that never end. */
import { expect, it } from 'vitest';
import { bounded } from '../../../harness/run/bound.ts';
import { manualClock } from '../../support/manual-clock.ts';

it('ends what never ends, and says how long it waited', async () => {
  const clock = manualClock();
  const outcome = bounded(new Promise(() => {}), 120_000, clock).catch((error: unknown) => error);

  await clock.advance(119_999);
  expect(clock.sleepers).toBe(1);
  await clock.advance(1);

  expect(await outcome).toMatchObject({
    code: 'LAB_TIMEOUT',
    message: 'the story did not end within 120 s',
  });
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
