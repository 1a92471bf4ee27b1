/** Ends this process where code of the user's keeps its thread: no time-out and no Ctrl-C comes to its turn then. */
import { closeSync, writeSync } from 'node:fs';
import { standStillBoundMs } from '../run/stand-still.ts';
import { startWatchdog } from '../run/watchdog.ts';

/** What is said at the end, and what it means for whoever waits for the exit code. */
export interface LastWords {
  readonly text: string;
  readonly exitCode: number;
}

/**
 * Watches from now on. `words` has to be synchronous, and is told for how long and how the thread was held. Where not even a question gets
 * through to the thread, `path` has the reason.
 */
export function endWhereHeld(path: string, words: (held: string) => LastWords): void {
  startWatchdog(path, (how) => {
    const manner = how === 'spins' ? 'of processor time without a pause' : 'in a call that did not return';
    const { text, exitCode } = words(`for ${standStillBoundMs[how] / 1_000} s ${manner}`);
    writeSync(process.stderr.fd, `\n${text}\n`);
    // Node would tell of the question that came through its inspector.
    closeSync(process.stderr.fd);
    process.exit(exitCode);
  });
}
