/**
 * Processes by a mark in their environment, which what they start inherits: a child that left its group and session is found by it all
 * the same. Read from Linux's `/proc`; elsewhere there are none.
 */
import { readdir, readFile } from 'node:fs/promises';

/** The variable that carries the mark. */
export const markVariable = 'SHAKETABLE_SUBJECT_MARK';

/** A process that carries a mark. */
export interface MarkedProcess {
  readonly pid: number;
  /** Its command, in words. */
  readonly command: string;
}

/** Every living process that carries `mark`. */
export async function markedProcesses(mark: string): Promise<readonly MarkedProcess[]> {
  const names = await readdir('/proc').catch(() => []);
  const wanted = `${markVariable}=${mark}`;
  const looks = names
    .filter((name) => /^\d+$/.test(name))
    .map(async (name): Promise<MarkedProcess[]> => {
      const environment = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '');
      if (!environment.split('\0').includes(wanted)) return [];
      const words = await readFile(`/proc/${name}/cmdline`, 'latin1').catch(() => '');
      return [{ pid: Number(name), command: words.split('\0').join(' ').trim() }];
    });
  return (await Promise.all(looks)).flat();
}

/** Ends every one of them, and what they start meanwhile. @returns those that there were */
export async function endMarked(mark: string): Promise<readonly MarkedProcess[]> {
  const ended = new Map<number, MarkedProcess>();
  // Who forks while we look is found in the next round.
  for (let round = 0; round < 20; round += 1) {
    const found = await markedProcesses(mark);
    if (found.length === 0) break;
    for (const one of found) {
      ended.set(one.pid, one);
      try {
        process.kill(one.pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }
  return [...ended.values()];
}
