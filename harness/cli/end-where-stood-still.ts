/** Ends `shaketable minimise` when a program on this process’s own thread keeps that thread: no time-out of the lab comes to its turn then. */
import { mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type MinimumFile, minimumText } from '../minimise/minimum-text.ts';
import { shortPath } from '../run/replay.ts';
import { standStillBoundMs } from '../run/stand-still.ts';
import { startWatchdog } from '../run/watchdog.ts';

/** Undecided: the smallest so far is kept. */
const exitCode = 2;

/**
 * Watches from now on. `smallest` is what is left so far, for its file; undefined where nothing smaller has failed yet. Where not even a
 * question gets through to the thread, `directory` has the reason.
 */
export function endWhereStoodStill(
  who: string,
  directory: string,
  smallest: () => MinimumFile | undefined,
): void {
  startWatchdog(join(directory, 'stood-still.json'), (how) => {
    const held = how === 'spins' ? 'of processor time without a pause' : 'in a call that did not return';
    const left = smallest();
    if (left !== undefined) {
      mkdirSync(dirname(left.path), { recursive: true });
      writeFileSync(left.path, minimumText(left));
    }
    const kept =
      left === undefined
        ? 'Nothing smaller had failed: nothing is written.'
        : `The smallest so far is kept:\n\n  scenario  ${shortPath(left.path)}`;
    writeSync(
      process.stderr.fd,
      `\n${who} kept the lab’s own thread for ${standStillBoundMs[how] / 1_000} s ${held}, and was ended. ${kept}\n`,
    );
    process.exit(exitCode);
  });
}
