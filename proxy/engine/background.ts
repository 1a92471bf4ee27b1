/** Runs the steps of a toxic that go on beside the items that pass: it waits by the clock, and then acts. */
import { type Clock, sleepUntil } from '../core/clock.ts';
import type { Step } from '../core/steps.ts';

/** What becomes of the steps. */
interface BackgroundDeps {
  carryOut(step: Step): void;
  /** The steps cannot be told: their maker threw. */
  failed(error: unknown): void;
}

/** Begins at once, and carries out each step when its time has come. Returns how to end it. */
export function runBackground(
  steps: Iterable<Step>,
  clock: Clock,
  { carryOut, failed }: BackgroundDeps,
): () => void {
  const iterator = steps[Symbol.iterator]();
  const ending = new AbortController();

  const advance = (): void => {
    for (let next = iterator.next(); !next.done && !ending.signal.aborted; next = iterator.next()) {
      const step = next.value;
      if (step.kind === 'wait' && step.until > clock.now()) {
        if (step.until === Number.POSITIVE_INFINITY) return;
        sleepUntil(clock, step.until, ending.signal).then(goOn, () => {});
        return;
      }
      carryOut(step);
    }
  };
  const goOn = (): void => {
    try {
      advance();
    } catch (error) {
      failed(error);
    }
  };
  goOn();
  return () => ending.abort();
}
