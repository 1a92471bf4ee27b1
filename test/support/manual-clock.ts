/** A clock for tests: it stands still until told to move, and wakes sleepers in the order they are due. */
import type { Clock } from '../../services/clock.ts';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** A clock with a hand to turn. */
export interface ManualClock extends Clock {
  /** Moves on by `ms`, stopping at each sleeper that falls due on the way. */
  advance(ms: number): Promise<void>;
  /** Those who sleep now. */
  readonly sleepers: number;
}

/** Starts at 2025-11-25T05:26:47Z, a moment of the second field report. */
export function manualClock(startMs = Date.UTC(2025, 10, 25, 5, 26, 47)): ManualClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();

  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper: Sleeper = { dueMs: nowMs + ms, wake: () => end(resolve) };
      const cancel = (): void => end(() => reject(signal?.reason));
      const end = (settle: () => void): void => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', cancel);
        settle();
      };
      signal?.addEventListener('abort', cancel, { once: true });
      sleepers.add(sleeper);
    });

  const advance = async (ms: number): Promise<void> => {
    const endMs = nowMs + ms;
    await settled();
    for (let next = earliest(sleepers, endMs); next; next = earliest(sleepers, endMs)) {
      nowMs = Math.max(nowMs, next.dueMs);
      next.wake();
      await settled();
    }
    nowMs = endMs;
  };

  return {
    now: () => nowMs,
    sleep,
    advance,
    get sleepers() {
      return sleepers.size;
    },
  };
}

function earliest(sleepers: ReadonlySet<Sleeper>, untilMs: number): Sleeper | undefined {
  const due = [...sleepers].filter((sleeper) => sleeper.dueMs <= untilMs);
  return due.sort((a, b) => a.dueMs - b.dueMs)[0];
}

/** Lets everything run that waits for promises alone. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
