/** One-shot waits on an injected clock, for code that is woken by events rather than by awaiting. */
import type { Clock } from '../../clock.ts';

/** Calls `onDue` once after `ms` of the clock. The function returned cancels it; it may be called twice. */
export function setTimer(clock: Clock, ms: number, onDue: () => void): () => void {
  const controller = new AbortController();
  clock.sleep(ms, controller.signal).then(
    () => {
      if (!controller.signal.aborted) onDue();
    },
    () => undefined,
  );
  return () => controller.abort();
}
