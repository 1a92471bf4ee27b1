import { expect, it } from 'vitest';
import { scaledClock, systemClock, withDeadline } from '../../../services/clock.ts';
import { manualClock } from './manual-clock.ts';

it('gives what the task gives when it ends in time', async () => {
  const clock = manualClock();

  await expect(withDeadline(clock, 100, Promise.resolve('done'), () => new Error('late'))).resolves.toBe(
    'done',
  );
});

it('rejects with the expiry when the task does not end in time', async () => {
  const clock = manualClock();
  const task = Promise.withResolvers<never>();

  const result = withDeadline(clock, 100, task.promise, () => new Error('late'));
  const settled = expect(result).rejects.toThrow('late');
  await clock.advance(100);

  await settled;
});

it('lets a task fail after its deadline without anybody being told', async () => {
  const clock = manualClock();
  const task = Promise.withResolvers<never>();

  const settled = expect(withDeadline(clock, 100, task.promise, () => new Error('late'))).rejects.toThrow(
    'late',
  );
  await clock.advance(100);
  task.reject(new Error('nobody listens'));

  await settled;
});

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
