/**
 * Runs scenario files to a result for each, which may take more than one run of Vitest: whoever shared a process that had to be
 * ended is played once more, and so is what was late while the machine stood still.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabError } from '../errors.ts';
import { timedChecks } from '../foreign/subject-file.ts';
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

/** Runs the files. `owner` is the lab's main process, for the record of what has to be given back. */
export async function runFiles(
  options: VitestOptions,
  scenarioOptions: RunScenarioOptions,
  owner: string,
): Promise<FilesOutcome> {
  const play = (how: VitestOptions) => playAll(how, scenarioOptions, owner);
  const { results, failure: first } = await play(options);
  const { shard: _all, ...rest } = options;
  const second = await retryAlone(rest, results, play);
  const failure = first ?? second;
  return {
    results: options.files.flatMap((file, place) => {
      const result = results.get(file);
      return result === undefined ? [] : [{ place, result }];
    }),
    ...(failure ? { failure } : {}),
  };
}

/** The result of each file, and why some have none. */
interface Played {
  readonly results: Map<string, JudgedScenario>;
  readonly failure: LabError | undefined;
}

/** Plays the files once. Where a subject had to be cut off with its process, the file is run again for the other one. */
async function playAll(
  options: VitestOptions,
  scenarioOptions: RunScenarioOptions,
  owner: string,
): Promise<Played> {
  const results = new Map<string, JudgedScenario>();
  let pass = await runInVitest(options, scenarioOptions, owner, results);
  let { failure } = pass;
  const { shard: _all, ...rest } = options;
  while (pass.again.length > 0) {
    pass = await runInVitest({ ...rest, files: pass.again }, scenarioOptions, owner, results);
    failure ??= pass.failure;
  }
  // Who was cut off has been judged: another try is one from the beginning.
  await rm(join(scenarioOptions.directory, cutShortDirectory), { recursive: true, force: true });
  return { results, failure };
}

/**
 * Plays again, one at a time, what is not as expected while the machine stood still: whoever is late for that reason is not to
 * blame, and what fails again without it is.
 */
async function retryAlone(
  options: VitestOptions,
  results: Map<string, JudgedScenario>,
  play: (how: VitestOptions) => Promise<Played>,
): Promise<LabError | undefined> {
  const first = new Map(
    [...results].filter(([, result]) => isWorthAnotherTry(result) || failedInTime(result).length > 0),
  );
  if (first.size === 0) return undefined;
  const which = first.size === 1 ? '1 scenario' : `${first.size} scenarios`;
  const stood = [...first.values()].some(isWorthAnotherTry);
  options.terminal.note(
    stood
      ? `this machine stood still under ${which} not as expected: playing again, one at a time`
      : `checks of time failed in ${which}: playing again, one at a time`,
  );
  const tried = new Map([...first.values()].map((result) => [result.id, result]));
  const withFirstTry = <Result extends ScenarioResult>(result: Result): Result => {
    const before = tried.get(result.id);
    if (before === undefined) return result;
    const failed = failedIn(result);
    const onlyUnderLoad = failedInTime(before).filter((id) => !failed.includes(id));
    const firstTry = { ...firstTryOf(before), ...(onlyUnderLoad.length === 0 ? {} : { onlyUnderLoad }) };
    return { ...result, firstTry };
  };
  const terminal: TerminalReporter = {
    ...options.terminal,
    scenarioFinished: (result) => options.terminal.scenarioFinished(withFirstTry(result)),
  };
  const second = await play({ ...options, files: [...first.keys()], workers: 1, terminal });
  for (const [file, result] of second.results) results.set(file, withFirstTry(result));
  return second.failure;
}

const firstTryOf = (result: JudgedScenario) => ({ outcome: result.outcome, reasons: reasons(result) });

const failedIn = ({ subjects }: ScenarioResult): string[] =>
  subjects.flatMap(({ checks }) => checks.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id));

/** Checks of time that a user's own program failed, which a busy machine may have made it do. */
function failedInTime(result: JudgedScenario): string[] {
  if (result.isForeign !== true || result.saysNothing !== undefined || result.outcome !== 'unexpected')
    return [];
  return failedIn(result).filter((id) => timedChecks.includes(id));
}

/** So long a machine has to stand still before it can be why a scenario is not as expected, real milliseconds. */
const tellingStallMs = 50;

const isWorthAnotherTry = ({ outcome, stalledMs = 0, saysNothing }: JudgedScenario): boolean =>
  saysNothing === undefined && outcome !== 'expected' && stalledMs >= tellingStallMs;
