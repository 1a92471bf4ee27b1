/** Processes that ended under their scenario: Vitest names the file, and how it ended, in the cause of an error that nobody caught. */

/** Vitest's words, as `Worker exited unexpectedly with signal SIGSEGV during STARTED state while running test file …`. */
const words = /^Worker exited unexpectedly (?:with )?(?:exit code (?<code>\d+) )?(?:signal (?<signal>\w+) )?/;

/** The error that tells of the end of the process of the scenario in `file`; undefined where none does. */
export function endOf(file: string, errors: readonly unknown[]): Error | undefined {
  const isOf = (error: unknown): error is Error =>
    error instanceof Error && error.cause instanceof Error && error.cause.message.includes(file);
  return errors.find(isOf);
}

/** How it ended, as a sentence for the report. */
export function endInWords({ cause }: Error): string {
  const { code, signal } = words.exec(cause instanceof Error ? cause.message : '')?.groups ?? {};
  const by = signal ?? (code === undefined ? 'nobody knows what' : `exit code ${code}`);
  const memory = signal === 'SIGABRT' || code === '134' ? '; Node does so when it runs out of memory' : '';
  return `Its process ended in the midst of it, by ${by}${memory}.`;
}
