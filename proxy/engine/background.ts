/** Runs the steps of a toxic that go on beside the items that pass: it waits by the clock, and then acts. */
import type { Clock } from '../core/clock.ts';
import type { Step } from '../core/steps.ts';

/** Timers of the platform hold 31 bits of milliseconds; a longer wait is taken in parts. */
export const LONGEST_SLEEP_MS = 2 ** 30;

/** Begins at once, and carries out each step when its time has come. Returns how to end it. */
export function runBackground(
  steps: Iterable<Step>,
  clock: Clock,
  carryOut: (step: Step) => void,
): () => void {
  const iterator = steps[Symbol.iterator]();
  const ending = new AbortController();

  const advance = (): void => {
    for (let next = iterator.next(); !next.done && !ending.signal.aborted; next = iterator.next()) {
      const step = next.value;
      if (step.kind === 'wait' && step.until > clock.now()) {
        sleepUntil(step.until);
        return;
      }
      carryOut(step);
    }
  };
  const sleepUntil = (time: number): void => {
    if (time === Number.POSITIVE_INFINITY) return;
    const restMs = Math.min(Math.ceil(time - clock.now()), LONGEST_SLEEP_MS);
    const again = (): void => (clock.now() < time ? sleepUntil(time) : advance());
    clock.sleep(restMs, ending.signal).then(again, () => {});
  };
  advance();
  return () => ending.abort();
}
