/**
 * Notices that the machine stood still: a timer that comes late, while the thread that waits for it got no processor time. What the
 * thread itself computed in the meantime, and calls that held it, are its own doing, and nobody's excuse.
 */
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import { blockedMs, type ThreadTimes, threadTimes } from './thread-times.ts';

/** Between two looks, in real milliseconds. */
const lookEveryMs = 10;

/** Later than that is a stall: the scheduler's usual slices are shorter. */
const shortestMs = 20;

/**
 * From there on a thread that slept is held by a call, where that is most of the delay. On a busy machine it sleeps for less of it, too:
 * until V8's helpers have had their turn, or a disk.
 */
const shortestBlockMs = 100;
const mostOfIt = 0.5;

/** What to watch with, and whom to tell. */
export interface StallWatchOptions {
  /** Told how long the thread stood still, in real milliseconds, when it goes on again. */
  readonly onStall: (lateMs: number) => void;
  /** Told how long a call of its own program held the thread, in real milliseconds. */
  readonly onHeld?: (heldMs: number) => void;
  /** Wakes the watch. @default the wall clock */
  readonly clock?: Clock;
  /** What this thread did so far. @default what the system says */
  readonly times?: () => ThreadTimes;
}

/** Watches from now on. */
export function watchStalls({
  onStall,
  onHeld = () => {},
  clock = systemClock(),
  times = threadTimes,
}: StallWatchOptions): Disposable {
  const ended = new AbortController();
  let [begun, before] = [clock.now(), times()];
  void watch();
  return {
    [Symbol.dispose]() {
      // The last look may be overdue: what ends the watch can come in the same turn as its timer.
      if (!ended.signal.aborted) look();
      ended.abort();
    },
  };

  async function watch(): Promise<void> {
    while (!ended.signal.aborted) {
      [begun, before] = [clock.now(), times()];
      await clock.sleep(lookEveryMs, ended.signal).catch(() => undefined);
      if (!ended.signal.aborted) look();
    }
  }

  function look(): void {
    const after = times();
    const lateMs = clock.now() - begun - lookEveryMs - (after.cpuMs - before.cpuMs);
    const blocked = blockedMs(before, after);
    const held = blocked >= shortestBlockMs && blocked >= lateMs * mostOfIt ? blocked : 0;
    if (held > 0) onHeld(held);
    if (lateMs - held >= shortestMs) onStall(lateMs - held);
  }
}
