/** Bounds for what may never end, in time in which the event loop turned: a machine that stood still is nobody's fault. */
import type { Clock } from 'shaketable-proxy/clock';
import type { Pace } from '../worlds/world-module.ts';

/** How long a story may take, in real milliseconds; at the real pace it may take minutes. */
export const storyBoundMs: Readonly<Record<Pace, number>> = Object.freeze({ fast: 120_000, real: 3_600_000 });

/** How long the subjects of a table may take to stop, in real milliseconds. */
export const stopBoundMs = 30_000;

/** How long the rest of a table may take to be cleared, in real milliseconds. */
export const clearBoundMs = 60_000;

/** How long a scenario file may take to load, in real milliseconds. */
export const loadBoundMs = 60_000;

/** What {@link bounded} gives for what did not end. */
export const late = Symbol('late');

/** Between two looks, in real milliseconds. A look that comes later than a whole one counts as one. */
const lookEveryMs = 250;

/** Waits for `task`, but no longer than `boundMs`; what it does later concerns nobody. */
export async function bounded<T>(task: Promise<T>, boundMs: number, clock: Clock): Promise<T | typeof late> {
  const over = new AbortController();
  const expiry = spent(boundMs, clock, over.signal);
  expiry.catch(() => {}); // Nobody waits for it once the task was first.
  try {
    return await Promise.race([task, expiry]);
  } finally {
    over.abort();
  }
}

async function spent(boundMs: number, clock: Clock, signal: AbortSignal): Promise<typeof late> {
  for (let leftMs = boundMs; leftMs > 0; ) {
    const lookMs = Math.min(leftMs, lookEveryMs);
    const before = clock.now();
    await clock.sleep(lookMs, signal);
    leftMs -= Math.min(Math.max(clock.now() - before, 1), 2 * lookMs);
  }
  return late;
}
