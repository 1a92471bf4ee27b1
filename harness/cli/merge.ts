/**
 * `shaketable merge DIR…`: makes one run of the shards of a run.
 */
import { resolve } from 'node:path';
import { expectWritable } from '../report/expect-writable.ts';
import { readChanges } from '../report/history/changes-since.ts';
import { type StoredMerge, storeMerged } from '../report/merge/store-merged.ts';
import { outcomeWords, scenarioOutcome } from '../report/scenario-outcome.ts';
import { createProgress } from '../report/terminal/progress.ts';
import { createTerminalReporter } from '../report/terminal/reporter.ts';
import { interruptible } from './interrupt.ts';

/** Milliseconds that a merge may take without a word in a log. */
const shortMs = 2_000;

export async function mergeCommand(names: string[], flags: { out: string; json: boolean }): Promise<number> {
  using terminal = createTerminalReporter({ stream: flags.json ? process.stderr : process.stdout });
  await expectWritable(flags.out, 'folder');
  return await interruptible(async (signal) => {
    const directories = names.map((name) => resolve(name));
    const { run, directory, notes } = await mergeTelling(directories, resolve(flags.out), signal);
    for (const line of notes) terminal.note(line);
    for (const scenario of run.scenarios)
      if (scenarioOutcome(scenario) !== 'expected') terminal.scenarioFinished(scenario);
    terminal.runFinished(run, directory, undefined, await readChanges(directory, run));
    if (flags.json) process.stdout.write(`${JSON.stringify(run, null, 2)}\n`);
    return outcomeWords[run.outcome].exitCode;
  });
}

/** Tells meanwhile, on standard error, how far it is. */
async function mergeTelling(
  directories: readonly string[],
  out: string,
  signal: AbortSignal,
): Promise<StoredMerge> {
  using progress = createProgress({ stream: process.stderr, shortMs });
  return await storeMerged(directories, out, signal, progress.of('merge').step);
}
