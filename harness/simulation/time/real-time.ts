/**
 * The process's own clock and timers, as they were before anything was sealed. Only what drives a simulation may use them.
 */
import { hrtime } from 'node:process';

/** Whether a timer that is made just now is the simulation's own, and so no escape. */
let own = false;

const { setImmediate, setTimeout, Date: RealDate } = globalThis;

export const realTime = {
  setImmediate: (run: () => void): void => void setImmediate(run),
  setTimeout(run: () => void, ms: number): void {
    own = true;
    try {
      setTimeout(run, ms);
    } finally {
      own = false;
    }
  },
  /** Epoch milliseconds. */
  now: (): number => RealDate.now(),
  /** Nanoseconds that never go back. */
  monotonicNs: hrtime.bigint.bind(hrtime),
  isOwn: (): boolean => own,
};
