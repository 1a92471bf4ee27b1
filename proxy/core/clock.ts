/**
 * Time as a value that is passed in. Nothing else in the harness reads `Date` or sets a timer, so that a run can go
 * at its own pace: the lab clock of a fast run simply runs faster than the wall clock.
 */
import { shortWait } from './short-wait.ts';

/** Reads and waits on one time line. */
export interface Clock {
  /** Milliseconds since the Unix epoch, on this clock's time line. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds of this clock; rejects with `signal.reason` once aborted. A timer may be up to 1 ms
   * off either way. A wait below 1 ms is met within 0.2 ms on an idle machine.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The wall clock, with sub-millisecond readings that never go back. */
export function systemClock(): Clock {
  const origin = Date.now() - performance.now();
  return { now: () => origin + performance.now(), sleep };
}

/**
 * A clock that runs `pace` times as fast as `base` and agrees with it at `epochMs`, the moment it is made unless given.
 * `scaledClock(systemClock(), 20).sleep(5_000)` takes a quarter of a second.
 */
export function scaledClock(base: Clock, pace: number, epochMs: number = base.now()): Clock {
  if (!(pace > 0)) throw new RangeError(`Expected \`pace\` to be a positive number, got ${pace}`);
  return {
    now: () => epochMs + (base.now() - epochMs) * pace,
    sleep: (ms, signal) => base.sleep(ms / pace, signal),
  };
}

/**
 * Settles as `task` does or, once `ms` have passed on `clock`, as `onExpiry` does: with what it returns, or what it throws.
 * Rejects with `signal.reason` once aborted. The task itself goes on.
 */
export async function withDeadline<T, Late = never>(
  clock: Clock,
  ms: number,
  task: Promise<T>,
  onExpiry: () => Late,
  signal?: AbortSignal,
): Promise<T | Late> {
  const over = new AbortController();
  const ended = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
  const expiry = clock.sleep(ms, ended).then(onExpiry);
  expiry.catch(() => {}); // Nobody waits for it once the task was first.
  try {
    return await Promise.race([task, expiry]);
  } finally {
    over.abort(settled);
  }
}

/** Nobody reads why; without one, each would be made anew with its stack. */
const settled = new Error('settled');

/** Timers of the platform hold 31 bits of milliseconds; a longer wait is taken in parts. */
const longestSleepMs = 2 ** 30;

/**
 * Resolves once `clock` reads `time` or later, however far away that is; rejects with `signal.reason` once aborted. Timers count in whole milliseconds: the last fraction of the wait is a wait of its own, so that the time is
 * met within 0.2 ms on an idle machine.
 */
export async function sleepUntil(clock: Clock, time: number, signal?: AbortSignal): Promise<void> {
  for (let restMs = time - clock.now(); restMs > 0; restMs = time - clock.now())
    await clock.sleep(restMs < 1 ? restMs : Math.min(Math.floor(restMs), longestSleepMs), signal);
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return ms < 1 ? shortWait(ms, signal) : sleepByTimer(ms, signal);
}

function sleepByTimer(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', cancel, { once: true });

    function done(): void {
      signal?.removeEventListener('abort', cancel);
      resolve();
    }
    function cancel(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
  });
}
