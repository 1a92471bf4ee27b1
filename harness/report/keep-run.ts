/**
 * What a finished run leaves in its directory and beside it: run.json, what came before, the reports, `latest`, its line in the history.
 */
import { join } from 'node:path';
import { isLabError } from '../errors.ts';
import { writeBefore } from './history/before-file.ts';
import { appendHistory, readHistory } from './history/history-file.ts';
import { toPastRun } from './history/past-run.ts';
import { whatCameBefore } from './history/what-came-before.ts';
import { pointLatest } from './latest-link.ts';
import type { RunResult } from './run-result.ts';
import { writeReports, writeRun } from './write-reports.ts';

/**
 * Writes into `directory` all that a run leaves there, held against the history in `out`; `parts` are the ids of the runs that it
 * was merged from. Gives sentences for the reader, such as a line of the history that was skipped.
 * @throws LabError as `writeWhole` does
 */
export async function writeRunFiles(
  out: string,
  directory: string,
  run: RunResult,
  parts: readonly string[] = [],
): Promise<string[]> {
  await writeRun(directory, run);
  const { runs, skipped } = await readHistory(out).catch(withoutHistory);
  await writeBefore(directory, whatCameBefore(toPastRun(run, parts), runs));
  const broken = await writeReports(directory, run);
  return [...skipped.map((line) => `history: ${line}`), ...broken];
}

/**
 * Makes `directory` the latest run in `out` and enters it in the history there. The run is whole by now: a link or a history that
 * cannot be written is worth a sentence, not an error.
 */
export async function publishRun(
  out: string,
  directory: string,
  run: RunResult,
  parts: readonly string[] = [],
): Promise<string[]> {
  const unlinked = await pointLatest(join(out, 'latest'), directory);
  return [...unlinked, ...(await appendHistory(out, toPastRun(run, parts)).then(() => [], unwritten))];
}

function withoutHistory(error: unknown): { runs: []; skipped: string[] } {
  if (!isLabError(error)) throw error;
  return { runs: [], skipped: [`${error.message}; nothing to compare with`] };
}

function unwritten(error: unknown): string[] {
  if (!isLabError(error)) throw error;
  return [`history: ${error.message}; this run is not in it`];
}
