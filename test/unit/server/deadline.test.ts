import { expect, it } from 'vitest';
import { abortable, setTimer, withDeadline } from '../../../services/deadline.ts';
import { manualClock } from '../../support/manual-clock.ts';

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

it('lets work be given up without waiting for it', async () => {
  const controller = new AbortController();
  const never = new Promise(() => {});
  const waiting = abortable(never, controller.signal);

  controller.abort(new Error('enough'));

  await expect(waiting).rejects.toThrow('enough');
  await expect(abortable(Promise.resolve(7), new AbortController().signal)).resolves.toBe(7);
});

it('gives up at once when the signal had aborted before, whatever becomes of the task', async () => {
  const reason = new Error('stop');

  await expect(abortable(Promise.reject(new Error('late')), AbortSignal.abort(reason))).rejects.toBe(reason);
});

it('calls back once, when its time has come', async () => {
  const clock = manualClock();
  let calls = 0;
  setTimer(clock, 100, () => {
    calls += 1;
  });

  await clock.advance(99);
  expect(calls).toBe(0);
  await clock.advance(1_000);

  expect(calls).toBe(1);
});

it('calls nobody back after it was cancelled, even twice', async () => {
  const clock = manualClock();
  let calls = 0;
  const cancel = setTimer(clock, 100, () => {
    calls += 1;
  });

  cancel();
  cancel();
  await clock.advance(1_000);

  expect(calls).toBe(0);
});
