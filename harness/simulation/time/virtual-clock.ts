/** The clock of a simulation: it stands still while code runs, and moves from one event to the next. */
import type { Clock } from 'shaketable-proxy/clock';
import type { EventQueue } from './event-queue.ts';

/** A wait for less would let no time pass, and whoever waits until a moment would never get there. */
const shortestUs = 1;

/**
 * A clock over `queue` that reads `epochMs` when the simulation begins. A wait ends at a whole millisecond, one below a millisecond
 * at its microsecond.
 */
export function virtualClock(queue: EventQueue, epochMs: number): Clock {
  return {
    now: () => epochMs + queue.nowUs / 1_000,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const event =
          ms < 1 ? queue.schedule(Math.max(shortestUs, ms * 1_000), done) : queue.scheduleTimer(ms, done);
        signal?.addEventListener('abort', cancel, { once: true });

        function done(): void {
          signal?.removeEventListener('abort', cancel);
          resolve();
        }
        function cancel(): void {
          queue.cancel(event);
          reject(signal?.reason);
        }
      }),
  };
}
