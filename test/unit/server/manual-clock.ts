/** A clock that stands still until a test moves it; those who sleep wake in the order of their times. */
import type { Clock } from '../../../services/clock.ts';

export interface ManualClock extends Clock {
  /** Moves on by `ms`, waking sleepers on the way, and lets what they do settle. */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  due: number;
  wake(): void;
}

export function manualClock(startMs = Date.UTC(2025, 10, 25, 5, 26, 47)): ManualClock {
  let now = startMs;
  const sleepers = new Set<Sleeper>();

  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { due: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      });
    },
    async advance(ms) {
      const end = now + ms;
      for (let next = earliest(); next !== undefined && next.due <= end; next = earliest()) {
        now = next.due;
        sleepers.delete(next);
        next.wake();
        await settle();
      }
      now = end;
      await settle();
    },
  };

  function earliest(): Sleeper | undefined {
    return [...sleepers].toSorted((a, b) => a.due - b.due)[0];
  }
}

/** Lets promises that are due settle, those that hang on each other included. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
