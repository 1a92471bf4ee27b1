/** Work that ends in time: what it opened is told to close when its time is over, or nobody wants to know any more. */
import { type Clock, withDeadline } from 'shaketable-proxy/clock';

/** What stands for an answer that did not come in time. */
export const tooLate = Symbol('too late');

/** Settles as `work` does, or with `tooLate` after `ms`. Rejects with `signal.reason` once that aborts. */
export async function bounded<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | typeof tooLate> {
  signal.throwIfAborted();
  const over = new AbortController();
  const task = work(AbortSignal.any([signal, over.signal]));
  task.catch(() => {}); // Nobody waits for it once its time is over.
  try {
    return await withDeadline(clock, ms, task, () => tooLate, signal);
  } finally {
    over.abort();
  }
}

/** The most telling of what an error has: its code, or its message. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
