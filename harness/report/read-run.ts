/**
 * A stored run read back: `run.json`, and the journals that it names.
 */
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, isLabError, LabError } from '../errors.ts';
import { type Recording, readRecording } from '../journal/store.ts';
import { parseRun } from './parse-run.ts';
import type { RunResult } from './run-result.ts';

/** A run's journals by their path in `run.json`; what cannot be read is there with the reason. */
export type Journals = ReadonlyMap<string, Recording | Unreadable>;

export interface Unreadable {
  readonly unreadable: string;
}

/**
 * Reads the run in `directory`.
 * @throws LabError `LAB_RUN_NOT_FOUND` without a `run.json`, `LAB_BAD_INPUT` for one that is half-written, of another
 * version or no run, `LAB_JOURNAL_BROKEN` for a journal that it names and that is missing.
 */
export async function readRun(directory: string): Promise<RunResult> {
  const run = await readResult(directory);
  for (const path of journalPaths(run)) await mustExist(join(directory, path), path);
  return run;
}

/** Reads `run.json` alone, for what needs no journals. @throws LabError as `readRun` does, journals aside */
export async function readResult(directory: string): Promise<RunResult> {
  const file = join(directory, 'run.json');
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw notFound(directory, cause);
  });
  return parseRun(text, file);
}

/** Reads every journal of `run`, those that are broken as such: a report can still be written without them. */
export async function readJournals(directory: string, run: RunResult): Promise<Journals> {
  const journals = new Map<string, Recording | Unreadable>();
  for (const path of journalPaths(run)) {
    journals.set(path, await readRecording(join(directory, path)).catch(unreadable));
  }
  return journals;
}

function journalPaths(run: RunResult): string[] {
  const paths = run.scenarios.flatMap((scenario) => scenario.subjects.map((subject) => subject.journal));
  return paths.filter((path) => path !== '');
}

function unreadable(error: unknown): Unreadable {
  if (!isLabError(error)) throw error;
  return { unreadable: error.message };
}

async function mustExist(file: string, path: string): Promise<void> {
  await access(file).catch((cause) => {
    throw new LabError('LAB_JOURNAL_BROKEN', `${file} is missing, although run.json names ${path}`, {
      hint: 'Copy the whole run directory, with `journals/`; or run the scenario again, its replay command is in run.json.',
      cause,
    });
  });
}

function notFound(directory: string, cause: unknown): LabError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return fileError(cause, join(directory, 'run.json'));
  return new LabError('LAB_RUN_NOT_FOUND', `There is no run in ${directory}: it has no run.json`, {
    hint: 'Give the directory that a run wrote, such as reports/latest. A run that was stopped early leaves no run.json.',
    cause,
  });
}
