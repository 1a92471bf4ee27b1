/**
 * Time as a value that is passed in: server and agents read and wait on the clock they are given, so that they can
 * be run faster or slower than the wall clock. Nothing else in `services/` reads `Date` or sets a timer.
 */

/** Reads and waits on one time line. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with `signal.reason` once aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The wall clock, with sub-millisecond readings that never go back. */
export function systemClock(): Clock {
  const origin = Date.now() - performance.now();
  return { now: () => origin + performance.now(), sleep };
}

/**
 * A clock that runs `rate` times as fast as `base` and agrees with it when `base` reads `epochMs`: two programs that are
 * given the same two numbers share one time line.
 */
export function scaledClock(base: Clock, rate: number, epochMs: number = base.now()): Clock {
  return {
    now: () => epochMs + (base.now() - epochMs) * rate,
    sleep: (ms, signal) => base.sleep(ms / rate, signal),
  };
}

/** Node takes a longer delay for 1 ms. */
const longestTimerMs = 2 ** 31 - 1;

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  let leftMs = ms;
  for (; leftMs > longestTimerMs; leftMs -= longestTimerMs) await sleepOnce(longestTimerMs, signal);
  await sleepOnce(leftMs, signal);
}

function sleepOnce(ms: number, signal?: AbortSignal): Promise<void> {
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
