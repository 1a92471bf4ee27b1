/**
 * What the processes of a program share while libfaketime runs their clocks: a semaphore and a page of memory, which it would name by the
 * process that comes first. That goes wrong twice: a shell's subshell, which is a copy of it, removes them when it ends, so that later
 * children begin anew; and what a killed process leaves stops any later one that happens to get its number (`shm_open failed: File
 * exists`). So they are made here, under names of the lab's own, and removed with the program.
 */
import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startProcess } from '../subjects/process.ts';

/** Where the C library keeps both (shm_overview(7), sem_overview(7)). */
const directory = '/dev/shm';
const memory = 'faketime_shm_';
const semaphore = 'sem.faketime_sem_';

/** Disposal removes them. */
export interface SharedClock extends AsyncDisposable {
  /** The variable by which processes find them. */
  readonly env: { readonly FAKETIME_SHARED?: string };
}

/** How often a process may leave nothing, as where it was not there when it was killed. */
const mostTries = 3;

/** Makes them; none where the library makes none, as where there is no such directory. */
export async function shareClock(library: string): Promise<SharedClock> {
  await removeOrphans();
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const made = await makeShared(library);
    if (made !== undefined) return made;
  }
  return { env: {}, [Symbol.asyncDispose]: async () => {} };
}

/** Has the library make them, by a process that is killed before it removes them. */
async function makeShared(library: string): Promise<SharedClock | undefined> {
  const maker = await startProcess({
    command: '/bin/sh',
    args: ['-c', 'kill -KILL $$'],
    env: { LD_PRELOAD: library, FAKETIME: '+0' },
  });
  await maker.exited;
  const name = `shaketable-${process.pid}-${randomUUID()}`;
  const remove = async (): Promise<void> => {
    await Promise.all([memory, semaphore].map((kind) => rm(join(directory, kind + name), { force: true })));
  };
  try {
    for (const kind of [memory, semaphore])
      await rename(join(directory, `${kind}${maker.pid}`), join(directory, kind + name));
  } catch {
    await remove();
    return undefined;
  }
  return {
    env: { FAKETIME_SHARED: `/faketime_sem_${name} /faketime_shm_${name}` },
    [Symbol.asyncDispose]: remove,
  };
}

/** Removes those of labs that were killed. */
async function removeOrphans(): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    const [, owner] = /^(?:faketime_shm|sem\.faketime_sem)_shaketable-(\d+)-/.exec(name) ?? [];
    if (owner !== undefined && !isRunning(Number(owner))) await rm(join(directory, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
