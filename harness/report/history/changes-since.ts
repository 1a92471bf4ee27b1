/**
 * What a run's own reports say about changes.
 */
import type { RunResult } from '../run-result.ts';
import { readBefore } from './before-file.ts';
import { changeReport } from './change-report.ts';
import type { ChangeReport } from './change-section.ts';
import { compareRuns, unsteadyScenarios } from './compare-runs.ts';
import { toPastRun } from './past-run.ts';
import type { Before } from './what-came-before.ts';

/** What changed in `run`, as far as its directory says what came before. @throws LabError as `readBefore` does */
export async function readChanges(directory: string, run: RunResult): Promise<ChangeReport | undefined> {
  return changesSince(run, await readBefore(directory));
}

/** What changed in `run` since what came `before`; nothing where nothing like it was run before. */
export function changesSince(run: RunResult, before: Before | undefined): ChangeReport | undefined {
  if (before === undefined) return undefined;
  const present = toPastRun(run);
  const { previous } = before;
  const unsteady = unsteadyScenarios(present, before);
  if (previous === undefined && unsteady.length === 0) return undefined;
  return changeReport(previous === undefined ? undefined : compareRuns(previous, present), unsteady);
}
