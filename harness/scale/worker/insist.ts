/** Says something until it is heard: a result is never dropped because a server was out of reach or full for a while. */
import type { Clock } from 'shaketable-proxy/clock';
import { isLabError } from '../../errors.ts';

/** Does it again, after a while, as long as the engine is at fault. */
export type Insist = <T>(work: () => Promise<T>) => Promise<T>;

/** Milliseconds between two tries. */
const againMs = 500;

/** Passing faults of an engine. */
const passing = ['LAB_QUEUE_GONE', 'LAB_DISK_FULL'] as const;

/** `onTrouble` hears what is wrong, and undefined when it is over. Ends with the last error once `signal` is aborted. */
export function insistently(
  clock: Clock,
  signal: AbortSignal,
  onTrouble: (why: string | undefined) => void,
): Insist {
  return async (work) => {
    for (;;) {
      try {
        const value = await work();
        onTrouble(undefined);
        return value;
      } catch (error) {
        if (!passing.some((code) => isLabError(error, code)) || signal.aborted) throw error;
        onTrouble((error as Error).message);
        await clock.sleep(againMs, signal).catch(() => undefined);
      }
    }
  };
}
