/**
 * What a process leaves that had to be ended under its scenario: a file in the run's directory, which the run reads in place of a
 * result. Without a subject that was cut off, the reasons are all there is.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PlayedSubject } from './play-subject.ts';

/** Why a scenario has no result yet. */
export interface CutShort {
  /** Why it can have none, a sentence each; empty where the other subject can still be played. */
  readonly reasons: readonly string[];
  /** Whether the file did not even come to its end. */
  readonly loading?: true;
  /** The subjects that were cut off, as they were judged. */
  readonly cutOff: readonly PlayedSubject[];
}

/** Where these files are in a run's directory, while it is on. */
export const cutShortDirectory = '.cut-short';

/** The place of the file for the scenario in `file`. */
export function cutShortPath(directory: string, file: string): string {
  const name = createHash('sha256').update(file).digest('hex').slice(0, 16);
  return join(directory, cutShortDirectory, `${name}.json`);
}

/** What was left for the scenario in `file`; undefined where its process was not ended. */
export function readCutShort(directory: string, file: string): CutShort | undefined {
  try {
    return JSON.parse(readFileSync(cutShortPath(directory, file), 'utf8')) as CutShort;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Leaves it, whole: the process ends right after that. */
export function writeCutShort(path: string, cutShort: CutShort): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, JSON.stringify(cutShort));
  renameSync(`${path}.part`, path);
}
