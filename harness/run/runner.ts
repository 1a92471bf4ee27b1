/**
 * A run from end to end: sweep what earlier runs left, start the database, let Vitest run the scenario files, write the
 * report. What it needs to clean up it cleans up on every way out.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from 'shaketable-proxy/clock';
import { openLedger } from '../cleanup/index.ts';
import { fileError, type LabError } from '../errors.ts';
import type { ForeignSubject } from '../foreign/subject.ts';
import { publishRun, writeRunFiles } from '../report/keep-run.ts';
import { runId } from '../report/run-id.ts';
import type { NotApplicable, RunResult } from '../report/run-result.ts';
import type { TerminalReporter } from '../report/terminal/reporter.ts';
import type { ServiceImage } from '../worlds/service.ts';
import type { Pace } from '../worlds/world-module.ts';
import { announceSubject } from './announce-subject.ts';
import type { ChosenWorld } from './choose-world.ts';
import type { RunScenarioOptions } from './play-subject.ts';
import { sweepOrphans } from './sweep.ts';
import { toRunResult } from './to-run-result.ts';

/** What to run, resolved: nothing is decided again below this line. */
export interface RunOptions {
  /** Scenario files, absolute; or what writes them into the run’s directory and returns them. */
  readonly files: readonly string[] | ((directory: string) => Promise<readonly string[]>);
  /** Folders in which a file's place is its scenario's id, absolute. */
  readonly folders: readonly string[];
  readonly world: ChosenWorld;
  /** Images of the services that scenarios start, for worlds that run images. */
  services(): Promise<readonly ServiceImage[]>;
  readonly seed: number;
  readonly pace: Pace;
  /** Directory of all runs; the run gets its own in it. */
  readonly out: string;
  readonly shard?: string;
  /** How many scenarios at a time. */
  readonly workers: number;
  /** Keeps the directories of the tables, with raw logs, below the run's. */
  readonly debug?: boolean;
  /** May install what is missing. */
  readonly setUp: boolean;
  /** A program that the lab has never seen, in the place of the scenarios' own subjects. */
  readonly subject?: ForeignSubject;
  /** Whether the scenarios' own pairs held on this machine: empty for one that did, else why it did not. */
  readonly pairs?: Readonly<Record<string, string>>;
  /** Scenarios that were asked for and cannot be played with it. */
  readonly left?: readonly NotApplicable[];
  readonly terminal: TerminalReporter;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** A finished run and where it was written. */
export interface FinishedRun {
  readonly run: RunResult;
  readonly directory: string;
  /** Why not every scenario has a result, or why none proves anything. */
  readonly failure?: LabError;
}

/** Runs the scenarios. @throws LabError when the lab could not run; aborts with `signal.reason`. */
export async function runScenarios(options: RunOptions): Promise<FinishedRun> {
  const { terminal, seed, pace, signal } = options;
  for (const line of await sweepOrphans()) terminal.note(`left by an earlier run: ${line}`);
  await using resources = new AsyncDisposableStack();
  const ledger = resources.use(await openLedger());
  const announce = (line: string): void => terminal.note(line);
  const clock = systemClock();
  const begun = clock.now();
  const part = options.shard === undefined ? undefined : shardOf(options.shard);
  const id = runId(begun, seed, part);
  const directory = await makeRunDirectory(options.out, id);
  const files = typeof options.files === 'function' ? await options.files(directory) : options.files;
  const { services, setUp } = options;
  const { module, found, why } = options.world;
  const world = module.name;
  const { owner } = ledger;
  if (why !== undefined) announce(`world ${world}: ${why}`);
  const environment = resources.use(
    await found.startShared({ services, setUp, seed, owner, announce, signal }),
  );
  if (options.subject !== undefined) announceSubject(options.subject, options.left ?? [], announce);
  terminal.runStarted({
    id,
    seed,
    world,
    pace: pace === 'real' ? 1 : 20,
    scenarios: files.length,
    ...(environment.database === 'none' ? {} : { database: environment.database }),
  });
  const scenarioOptions: RunScenarioOptions = {
    seed,
    pace,
    directory,
    debug: options.debug ?? false,
    folders: options.folders,
    world: { name: world, facts: environment.facts },
    ...(options.subject === undefined ? {} : { subject: options.subject, pairs: options.pairs ?? {} }),
  };
  // Half a second to load, which who misspelt a name need not wait for.
  const { runFiles } = await import('./run-files.ts');
  const { results: placed, failure: breakdown } = await runFiles(
    { ...options, files, workerSetUp: module.workerSetUp },
    scenarioOptions,
    owner,
  );
  signal.throwIfAborted();
  const failure = environment.trouble() ?? breakdown;
  if (failure && placed.length === 0) throw failure;
  const run = await toRunResult({
    id,
    seed,
    world,
    pace,
    begunMs: begun,
    durationMs: clock.now() - begun,
    environment,
    placed,
    failure,
    part,
    subject: options.subject,
    left: options.left,
  });
  const notes = await writeRunFiles(options.out, directory, run);
  notes.push(...(await publishRun(options.out, directory, run)));
  for (const line of notes) announce(line);
  return { run, directory, ...(failure ? { failure } : {}) };
}

/** `2/3` as numbers; the command line has judged it. */
function shardOf(shard: string): { index: number; of: number } {
  const [index = 1, of = 1] = shard.split('/').map(Number);
  return { index, of };
}

async function makeRunDirectory(out: string, id: string): Promise<string> {
  const directory = join(out, id);
  try {
    await mkdir(join(directory, 'journals'), { recursive: true });
    await writeFile(join(directory, '.part'), '');
    await rm(join(directory, '.part'));
  } catch (cause) {
    throw fileError(cause, directory);
  }
  return directory;
}
