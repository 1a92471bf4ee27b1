/**
 * Merged runs on disk: the parts are only read, and the merged run is there whole or not at all.
 */
import { constants, copyFile, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileError, LabError } from '../../errors.ts';
import { readRecording } from '../../journal/store.ts';
import { publishRun, writeRunFiles } from '../keep-run.ts';
import { readRun } from '../read-run.ts';
import type { RunResult } from '../run-result.ts';
import { mergeRuns } from './merge-runs.ts';
import type { JournalCopy } from './plan-copies.ts';
import type { StoredRun } from './stored-run.ts';

/** A merged run and where it was written. */
export interface StoredMerge {
  readonly run: RunResult;
  readonly directory: string;
  /** Sentences for the reader, such as a line of the history that was skipped. */
  readonly notes: readonly string[];
}

/**
 * Merges the runs in `directories` into one below `out`. `more` is what who began them knows better. Of the progress half is
 * for the journals, half for the reports on them.
 * @throws LabError `LAB_BAD_INPUT` for runs that do not belong together or are there already, `LAB_RUN_NOT_FOUND` for a directory that
 * holds none, `LAB_JOURNAL_BROKEN` for a journal that is missing, half-written or another scenario's; aborts with `signal.reason`
 */
export async function storeMerged(
  directories: readonly string[],
  out: string,
  signal: AbortSignal,
  onProgress?: (done: number, of: number, part: string) => void,
  more: Partial<Pick<RunResult, 'id' | 'startedAt' | 'durationMs' | 'workers' | 'notApplicable'>> = {},
): Promise<StoredMerge> {
  const parts: StoredRun[] = [];
  for (const directory of directories) parts.push({ directory, run: await readRun(directory) });
  await refuseInside(out, directories);
  const { run: merged, copies } = mergeRuns(parts);
  const notApplicable = [...(more.notApplicable ?? []), ...(merged.notApplicable ?? [])];
  const run = { ...merged, ...more, ...(notApplicable.length === 0 ? {} : { notApplicable }) };
  const ids = parts.map((part) => part.run.id);
  const directory = join(out, run.id);
  const unfinished = `${directory}.${process.pid}.part`;
  try {
    await makeDirectory(unfinished);
    const steps = Math.max(1, 2 * copies.length);
    for (const [done, copy] of copies.entries()) {
      signal.throwIfAborted();
      onProgress?.(done, steps, copy.scenario);
      await copyJournal(copy, run.seed, unfinished);
    }
    onProgress?.(copies.length, steps, 'reports');
    const notes = await writeRunFiles(out, unfinished, run, ids);
    signal.throwIfAborted();
    await moveInto(unfinished, directory);
    return { run, directory, notes: [...notes, ...(await publishRun(out, directory, run, ids))] };
  } finally {
    // What went wrong is known; where there could be no folder there is none.
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function copyJournal(copy: JournalCopy, seed: number, directory: string): Promise<void> {
  const from = join(copy.directory, copy.from);
  const { header } = await readRecording(from);
  if (header.scenario !== copy.scenario || header.subject !== copy.subject || header.seed !== seed) {
    throw new LabError(
      'LAB_JOURNAL_BROKEN',
      `${from} is of ${header.scenario}, ${header.subject}, seed ${header.seed}; run.json says ${copy.scenario}, ${copy.subject}, seed ${seed}`,
      { hint: 'Restore the directory as the run wrote it, or play that shard again.' },
    );
  }
  const to = join(directory, copy.to);
  await copyFile(from, to, constants.COPYFILE_EXCL).catch((cause) => {
    throw fileError(cause, to);
  });
}

/** A merged run below one of its parts would change that part. */
async function refuseInside(out: string, directories: readonly string[]): Promise<void> {
  const place = await realpath(out).catch(() => out);
  for (const directory of directories) {
    const part = await realpath(directory);
    if (place !== part && !place.startsWith(part + sep)) continue;
    throw new LabError('LAB_BAD_INPUT', `${out} is inside ${directory}, which is only read`, {
      hint: 'Give another directory with --out.',
    });
  }
}

async function makeDirectory(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
    await mkdir(join(path, 'journals'), { recursive: true });
  } catch (cause) {
    throw fileError(cause, path);
  }
}

async function moveInto(from: string, to: string): Promise<void> {
  await rename(from, to).catch((cause: NodeJS.ErrnoException) => {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(cause.code ?? '')) throw fileError(cause, to);
    throw new LabError('LAB_BAD_INPUT', `${to} is there already`, {
      hint: 'That is where the merged run would go: these runs were merged before, or one of them lies there. Give another directory with --out, or take it away.',
      cause,
    });
  });
}
