/** One-shot waits on an injected clock, for code that is woken by events rather than by awaiting. */
import type { Clock } from '../../clock.ts';

/** Calls `ring` once after `ms` of the clock. The function returned takes the alarm back; it may be called twice. */
export function setAlarm(clock: Clock, ms: number, ring: () => void): () => void {
  const controller = new AbortController();
  clock.sleep(ms, controller.signal).then(
    () => {
      if (!controller.signal.aborted) ring();
    },
    () => undefined,
  );
  return () => controller.abort();
}
