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
