/** The wall clock's waits, and waits that any clock can bound. */
import { expect, it, vi } from 'vitest';
import { sleepUntil, systemClock, withDeadline } from '../../../proxy/core/clock.ts';
import { manualClock } from '../../support/manual-clock.ts';

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

const never = new Promise<never>(() => {});

it('gives the task its time, and takes the timer back', async () => {
  const clock = manualClock();

  expect(await withDeadline(clock, 1_000, Promise.resolve('done'), () => 'late')).toBe('done');
  expect(clock.sleepers).toBe(0);
});

it('says at the deadline what the caller says, and not before', async () => {
  const clock = manualClock();
  const onExpiry = vi.fn(() => 'late');
  const outcome = withDeadline(clock, 1_000, never, onExpiry);

  await clock.advance(999);
  expect(onExpiry).not.toHaveBeenCalled();
  await clock.advance(1);

  expect(await outcome).toBe('late');
});

it('fails at the deadline as the caller does, and before it as the task does', async () => {
  const clock = manualClock();
  const late = (): never => {
    throw new Error('too late');
  };
  const outcome = withDeadline(clock, 1_000, never, late).catch(String);
  await clock.advance(1_000);

  expect(await outcome).toBe('Error: too late');
  await expect(withDeadline(clock, 1_000, Promise.reject(new Error('broken')), late)).rejects.toThrow(
    'broken',
  );
});

it('stops waiting for task and deadline once it is aborted', async () => {
  const clock = manualClock();
  const giveUp = new AbortController();
  const outcome = withDeadline(clock, 1_000, never, () => 'late', giveUp.signal).catch(String);

  giveUp.abort('enough');

  expect(await outcome).toBe('enough');
  expect(clock.sleepers).toBe(0);
});

it('sleeps until a time that no timer of the platform can hold', async () => {
  const clock = manualClock();
  const longest = vi.spyOn(clock, 'sleep');
  const awake = vi.fn();
  const monthsMs = 2 ** 32;
  void sleepUntil(clock, clock.now() + monthsMs).then(awake);

  await clock.advance(monthsMs - 1);
  expect(awake).not.toHaveBeenCalled();
  await clock.advance(1);

  expect(awake).toHaveBeenCalledOnce();
  for (const [ms] of longest.mock.calls) expect(ms).toBeLessThan(2 ** 31);
});

it('sleeps no shorter than until the time, to its fraction', async () => {
  const clock = systemClock();
  const time = clock.now() + 3.7;

  await sleepUntil(clock, time);

  expect(clock.now()).toBeGreaterThanOrEqual(time);
});

it('does not sleep until a time that is over', async () => {
  const clock = manualClock();

  await sleepUntil(clock, clock.now() - 1);

  expect(clock.sleepers).toBe(0);
});

it('gives up sleeping until a time once it is aborted', async () => {
  const clock = manualClock();
  const giveUp = new AbortController();
  const sleeping = sleepUntil(clock, clock.now() + 2 ** 40, giveUp.signal).catch(String);
  await clock.advance(2 ** 31);

  giveUp.abort('enough');

  expect(await sleeping).toBe('enough');
});
