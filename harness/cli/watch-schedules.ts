/** Ends a process that explores where the user's code keeps its thread: a schedule that never comes back is a finding. */
import { join } from 'node:path';
import { shortPath } from '../run/replay.ts';
import { endWhereHeld } from './end-where-held.ts';

/** What the thread is at: a file that is loaded, or the schedule of a seed. */
export interface At {
  file: string;
  seed?: number;
}

/** Exit codes: 64 while a file is loaded, 1 in a schedule. `directory` is for what can be said nowhere else. */
export function watchSchedules(directory: string, at: At): void {
  endWhereHeld(join(directory, 'stood-still.json'), (held) => {
    const place = shortPath(at.file);
    if (at.seed === undefined)
      return { text: `Loading ${place} kept the thread ${held}, and was ended.`, exitCode: 64 };
    const again = `shaketable explore ${place} --seed ${at.seed} --seeds 1`;
    return {
      text: `The schedule of seed ${at.seed} kept the thread ${held}, and was ended.\n\n  again  ${again}`,
      exitCode: 1,
    };
  });
}
