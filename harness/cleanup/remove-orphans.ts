/**
 * Clears up what `findOrphans` found: exactly those processes, by id and start time, and those directories, provided
 * they lie within a root of the lab. Nothing here throws: what could not be removed is reported with its reason.
 */
import { rm } from 'node:fs/promises';
import { systemClock } from 'shaketable-proxy/clock';
import { type Orphan, orphansOf } from './find-orphans.ts';
import { isAlive, type ProcessIdentity } from './process-identity.ts';
import { readRecord } from './record.ts';
import { isWithinRoots, labRoots, type Roots } from './roots.ts';

/** A process that does not die of SIGKILL within this is stuck in the kernel. */
const deathMs = 5_000;
const pollMs = 10;

/** What became of one orphan: `gone` is what somebody else removed first. */
export type Removal = { orphan: Orphan } & (
  | { outcome: 'removed' | 'gone' }
  | { outcome: 'kept'; reason: string }
);

/** Removes `orphans` in the given order. A record goes last and only if nothing that it lists remains. */
export async function removeOrphans(
  orphans: readonly Orphan[],
  { roots = labRoots() }: { roots?: Roots } = {},
): Promise<Removal[]> {
  const removals: Removal[] = [];
  for (const orphan of orphans) {
    const outcome = await removeOne(orphan, roots).catch((error: unknown) => kept(reasonOf(error)));
    removals.push({ orphan, ...outcome });
  }
  return removals;
}

type Outcome = { outcome: 'removed' | 'gone' } | { outcome: 'kept'; reason: string };

function removeOne(orphan: Orphan, roots: Roots): Promise<Outcome> {
  switch (orphan.kind) {
    case 'process':
      return killProcess(orphan.process);
    case 'directory':
      return removeDirectory(orphan.path, roots);
    case 'record':
      return removeRecord(orphan.path, roots);
  }
}

async function killProcess(identity: ProcessIdentity): Promise<Outcome> {
  if (!isAlive(identity)) return { outcome: 'gone' };
  process.kill(identity.pid, 'SIGKILL');
  const clock = systemClock();
  const deadline = clock.now() + deathMs;
  while (isAlive(identity)) {
    if (clock.now() > deadline) return kept(`process ${identity.pid} does not die`);
    await clock.sleep(pollMs);
  }
  return { outcome: 'removed' };
}

async function removeDirectory(path: string, roots: Roots): Promise<Outcome> {
  if (!(await isWithinRoots(path, roots))) return kept(`${path} is not within a directory of the lab`);
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
  return { outcome: 'removed' };
}

async function removeRecord(path: string, roots: Roots): Promise<Outcome> {
  if (!(await isWithinRoots(path, roots))) return kept(`${path} is not within a directory of the lab`);
  const record = readRecord(path);
  const remaining = record === undefined ? [] : orphansOf(record).filter(({ kind }) => kind !== 'record');
  if (remaining.length > 0) return kept(`${remaining.length} things that it lists are still there`);
  await rm(path, { force: true });
  return { outcome: 'removed' };
}

function kept(reason: string): Outcome {
  return { outcome: 'kept', reason };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
