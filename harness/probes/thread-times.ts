/**
 * What a thread did with its time: computed, waited for a processor, or slept. A thread that sleeps outside of the event loop's wait for
 * events is held by a call of its own program, as `execSync`; one that waits for a processor is held by the machine.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** Sums of one thread so far, in real milliseconds. */
export interface ThreadTimes {
  /** Processor time. */
  readonly cpuMs: number;
  /** Outside of the event loop's wait for events. */
  readonly activeMs: number;
  /** Ready, and without a processor; undefined where the system does not tell. */
  readonly queuedMs: number | undefined;
}

/** Those of the calling thread. */
export function threadTimes(): ThreadTimes {
  const { user, system } = process.threadCpuUsage();
  const { active } = performance.eventLoopUtilization();
  return { cpuMs: (user + system) / 1_000, activeMs: active, queuedMs: queuedMs() };
}

/** How long, from one moment to a later one, a call of the program held the thread without computing; 0 where that cannot be told. */
export function blockedMs(before: ThreadTimes, after: ThreadTimes): number {
  if (before.queuedMs === undefined || after.queuedMs === undefined) return 0;
  const queued = after.queuedMs - before.queuedMs;
  return Math.max(0, after.activeMs - before.activeMs - (after.cpuMs - before.cpuMs) - queued);
}

/** Linux: proc_pid_schedstat(5), time on the processor and on its queue in nanoseconds. */
function queuedMs(): number | undefined {
  try {
    const [ran, queued] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ').map(Number);
    return ran !== undefined && ran > 0 && queued !== undefined ? queued / 1e6 : undefined;
  } catch {
    return undefined;
  }
}
