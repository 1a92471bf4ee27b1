/** Ends `shaketable minimise` when a program on this process’s own thread keeps that thread, and keeps the smallest so far. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type MinimumFile, minimumText } from '../minimise/minimum-text.ts';
import { shortPath } from '../run/replay.ts';
import { endWhereHeld } from './end-where-held.ts';

/** Undecided: the smallest so far is kept. */
const exitCode = 2;

/** Watches from now on. `smallest` is what is left so far, for its file in `directory`; undefined where nothing smaller has failed yet. */
export function endWhereStoodStill(
  who: string,
  directory: string,
  smallest: () => MinimumFile | undefined,
): void {
  endWhereHeld(join(directory, 'stood-still.json'), (held) => {
    const left = smallest();
    if (left !== undefined) {
      mkdirSync(dirname(left.path), { recursive: true });
      writeFileSync(left.path, minimumText(left));
    }
    const kept =
      left === undefined
        ? 'Nothing smaller had failed: nothing is written.'
        : `The smallest so far is kept:\n\n  scenario  ${shortPath(left.path)}`;
    return { text: `${who} kept the lab’s own thread ${held}, and was ended. ${kept}`, exitCode };
  });
}
