/**
 * Runs scenario files to a result for each, which may take more than one run of Vitest: whoever shared a process that had to be
 * ended is played once more, and so is what was late while the machine stood still.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabError } from '../errors.ts';
import type { ScenarioResult } from '../report/run-result.ts';
import { reasons } from '../report/scenario-outcome.ts';
import type { TerminalReporter } from '../report/terminal/reporter.ts';
import { cutShortDirectory } from './cut-short.ts';
import type { RunScenarioOptions } from './play-subject.ts';
import type { JudgedScenario } from './run-scenario.ts';
import { runInVitest, type VitestOptions } from './vitest-run.ts';

/** The results there are, and why there are not more. */
export interface FilesOutcome {
  readonly results: readonly PlacedResult[];
  readonly failure?: LabError;
}

/** A result with the place of its file among all files, those of other shards included. */
export interface PlacedResult {
  readonly place: number;
  readonly result: JudgedScenario;
}

/**
 * Runs the files. `owner` is the lab's main process, for the record of what has to be given back. Where a subject had to be cut off
 * with its process, the file is run again for the other one.
 */
export async function runFiles(
  options: VitestOptions,
  scenarioOptions: RunScenarioOptions,
  owner: string,
): Promise<FilesOutcome> {
  const results = new Map<string, JudgedScenario>();
  let pass = await runInVitest(options, scenarioOptions, owner, results);
  let failure = pass.failure;
  const { shard: _all, ...rest } = options;
  while (pass.again.length > 0) {
    pass = await runInVitest({ ...rest, files: pass.again }, scenarioOptions, owner, results);
    failure ??= pass.failure;
  }
  await retryAlone(rest, scenarioOptions, owner, results);
  await rm(join(scenarioOptions.directory, cutShortDirectory), { recursive: true, force: true });
  return {
    results: options.files.flatMap((file, place) => {
      const result = results.get(file);
      return result === undefined ? [] : [{ place, result }];
    }),
    ...(failure ? { failure } : {}),
  };
}

/**
 * Plays again, one at a time, what is not as expected while the machine stood still: whoever is late for that reason is not to
 * blame, and what fails again without it is.
 */
async function retryAlone(
  options: VitestOptions,
  scenarioOptions: RunScenarioOptions,
  owner: string,
  results: Map<string, JudgedScenario>,
): Promise<void> {
  const first = new Map([...results].filter(([, result]) => isWorthAnotherTry(result)));
  if (first.size === 0) return;
  const which = first.size === 1 ? '1 scenario' : `${first.size} scenarios`;
  options.terminal.note(
    `this machine stood still under ${which} not as expected: playing again, one at a time`,
  );
  const firstTries = new Map([...first.values()].map((result) => [result.id, firstTryOf(result)]));
  const withFirstTry = <Result extends ScenarioResult>(result: Result): Result => {
    const firstTry = firstTries.get(result.id);
    return firstTry === undefined ? result : { ...result, firstTry };
  };
  const terminal: TerminalReporter = {
    ...options.terminal,
    scenarioFinished: (result) => options.terminal.scenarioFinished(withFirstTry(result)),
  };
  const second = new Map<string, JudgedScenario>();
  const files = [...first.keys()];
  await runInVitest({ ...options, files, workers: 1, terminal }, scenarioOptions, owner, second);
  for (const [file, result] of second) results.set(file, withFirstTry(result));
}

const firstTryOf = (result: JudgedScenario) => ({ outcome: result.outcome, reasons: reasons(result) });

/** So long a machine has to stand still before it can be why a scenario is not as expected, real milliseconds. */
const tellingStallMs = 50;

const isWorthAnotherTry = ({ outcome, stalledMs = 0 }: JudgedScenario): boolean =>
  outcome !== 'expected' && stalledMs >= tellingStallMs;
