/**
 * Waits shorter than a millisecond, the resolution of Node's timers. Each turn of the event loop checks all of them. A
 * turn with nothing due blocks for a moment: the scheduler of the system treats a loop that only spins as greedy, and
 * delays it by milliseconds when another process needs the processor.
 */

/** How long an idle turn blocks. Data that arrives meanwhile is late by this, plus about 0.06 ms that the system adds. */
const longestNapMs = 0.05;
/** A longer turn did some work, and is not followed by a nap. */
const idleTurnMs = 0.03;

interface Wait {
  /** On `performance.now()`. */
  readonly due: number;
  readonly signal: AbortSignal | undefined;
  resolve(): void;
  reject(reason: unknown): void;
}

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));
let waits: Wait[] = [];
let turning = false;
let lookedAt = 0;

/** Resolves after at least `ms`; rejects with `signal.reason` when aborted. */
export function shortWait(ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  waits.push({ due: performance.now() + ms, signal, resolve, reject });
  if (!turning) setImmediate(turn);
  turning = true;
  return promise;
}

function turn(): void {
  const now = performance.now();
  const count = waits.length;
  waits = waits.filter((wait) => !settled(wait, now));
  const idle = waits.length === count && now - lookedAt < idleTurnMs;
  const napMs = waits.reduce((least, { due }) => Math.min(least, due - now), longestNapMs);
  if (idle) Atomics.wait(nobodyWakes, 0, 0, napMs);
  lookedAt = performance.now();
  turning = waits.length > 0;
  if (turning) setImmediate(turn);
}

function settled({ due, signal, resolve, reject }: Wait, now: number): boolean {
  if (signal?.aborted) reject(signal.reason);
  else if (now >= due) resolve();
  else return false;
  return true;
}
