/**
 * Notices that the machine stood still: a timer that comes late, while the thread that waits for it got no processor time. What the
 * thread itself computed in the meantime is its own doing, and nobody's excuse.
 */
import { type Clock, systemClock } from 'shaketable-proxy/clock';

/** Between two looks, in real milliseconds. */
const lookEveryMs = 10;

/** Later than that is a stall: the scheduler's usual slices are shorter. */
const shortestMs = 20;

/** What to watch with, and whom to tell. */
export interface StallWatchOptions {
  /** Told how long the thread stood still, in real milliseconds, when it goes on again. */
  readonly onStall: (lateMs: number) => void;
  /** Wakes the watch. @default the wall clock */
  readonly clock?: Clock;
  /** Processor time of this thread so far, in milliseconds. @default what the system says */
  readonly cpuMs?: () => number;
}

/** Watches from now on. */
export function watchStalls({
  onStall,
  clock = systemClock(),
  cpuMs = ownCpuMs,
}: StallWatchOptions): Disposable {
  const ended = new AbortController();
  let [begun, cpu] = [clock.now(), cpuMs()];
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
      [begun, cpu] = [clock.now(), cpuMs()];
      await clock.sleep(lookEveryMs, ended.signal).catch(() => undefined);
      if (!ended.signal.aborted) look();
    }
  }

  function look(): void {
    const lateMs = clock.now() - begun - lookEveryMs - (cpuMs() - cpu);
    if (lateMs >= shortestMs) onStall(lateMs);
  }
}

function ownCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
