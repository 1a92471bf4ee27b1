/** Runs as a terminal is told of them, wherever they take place. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readChanges } from '../report/history/changes-since.ts';
import { outcomeWords, runOutcome } from '../report/scenario-outcome.ts';
import { repeatLines } from '../report/terminal/repeat-lines.ts';
import { createTerminalReporter, type TerminalReporter } from '../report/terminal/reporter.ts';
import type { FinishedRun } from '../run/runner.ts';

/** Tells of a run while it takes place and what it came to; with `json` on standard error, and its run.json on standard output. */
export async function tellRun(
  json: boolean,
  play: (terminal: TerminalReporter) => Promise<FinishedRun>,
): Promise<FinishedRun> {
  using terminal = createTerminalReporter({ stream: json ? process.stderr : process.stdout });
  const finished = await play(terminal);
  const { run, directory, failure } = finished;
  terminal.runFinished(run, directory, failure, await readChanges(directory, run));
  if (json) process.stdout.write(await readFile(join(directory, 'run.json'), 'utf8'));
  return finished;
}

/** Runs `times`, by one seed after the other, and gives the exit code; what did not hold each time is told. */
export async function repeatedly(
  times: number,
  seed: number,
  play: (seed: number) => Promise<FinishedRun>,
): Promise<number> {
  const runs: FinishedRun[] = [];
  while (runs.length < times) runs.push(await play(seed + runs.length));
  const results = runs.map(({ run }) => run);
  if (runs.length > 1) for (const line of repeatLines(results)) console.log(line);
  const failure = runs.find((finished) => finished.failure)?.failure;
  if (failure) throw failure;
  return outcomeWords[runOutcome(results)].exitCode;
}
