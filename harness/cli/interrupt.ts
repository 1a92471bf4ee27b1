/**
 * Ctrl-C: the first one asks the work to stop and clean up, the second one stops at once.
 */

/** The exit code of a shell for a program that SIGINT ended. */
export const interrupted = 130;

/** Runs `work` with a signal that SIGINT, SIGTERM and SIGHUP abort; an aborted run ends with 130. */
export async function interruptible(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(interrupted);
    process.stderr.write('\nStopping and cleaning up; press Ctrl-C again to stop at once.\n');
    controller.abort(new Error('interrupted'));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (controller.signal.aborted) return interrupted;
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
