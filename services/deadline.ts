/** Bounds on waiting, all measured on an injected clock and all giving back their timer and their listener. */
import type { Clock } from './clock.ts';

/** Nobody reads why a timer was cancelled; without a reason, each would be made anew with its stack. */
const called = new Error('cancelled');

/** Calls `onDue` once after `ms` on `clock`. The function returned cancels it; it may be called twice. */
export function setTimer(clock: Clock, ms: number, onDue: () => void): () => void {
  const cancelled = new AbortController();
  clock.sleep(ms, cancelled.signal).then(
    () => {
      if (!cancelled.signal.aborted) onDue();
    },
    () => {},
  );
  return () => cancelled.abort(called);
}

/** Settles as `task` does, or rejects with the signal's reason once aborted. The task itself goes on. */
export async function abortable<T>(task: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([aborted, task]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Settles as `task` does, or rejects with what `onExpiry` returns after `ms` on `clock`. The task itself goes on:
 * the caller ends it in `onExpiry` where that is possible.
 */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  task: Promise<T>,
  onExpiry: () => Error,
): Promise<T> {
  const expired = new AbortController();
  const cancel = setTimer(clock, ms, () => expired.abort(onExpiry()));
  try {
    return await abortable(task, expired.signal);
  } finally {
    cancel();
  }
}
