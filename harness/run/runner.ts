/**
 * A run from end to end: sweep what earlier runs left, start the database, let Vitest run the scenario files, write the
 * report. What it needs to clean up it cleans up on every way out.
 */
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Reporter, TestCase } from 'vitest/node';
import { createVitest } from 'vitest/node';
import { systemClock } from '../clock.ts';
import { fileError, LabError, type LabErrorCode } from '../errors.ts';
import type { RunResult, ScenarioResult } from '../report/run-result.ts';
import type { TerminalReporter } from '../report/terminal/reporter.ts';
import { writeReports, writeRun } from '../report/write-reports.ts';
import {
  type DatabaseFacts,
  findDatabase,
  type StartedDatabase,
  startDatabase,
} from '../worlds/database/index.ts';
import { openLeavings } from '../worlds/leavings/index.ts';
import type { ShakeOptions, ShakeResult } from './shake.ts';
import { sweepLeavings } from './sweep.ts';
import { versions } from './versions.ts';

/** What to run, resolved: nothing is decided again below this line. */
export interface RunOptions {
  /** Scenario files, absolute. */
  readonly files: readonly string[];
  readonly seed: number;
  readonly pace: 'fast' | 'real';
  /** Directory of all runs; the run gets its own in it. */
  readonly out: string;
  readonly shard?: string;
  /** How many scenarios at a time. */
  readonly workers: number;
  /** May install what is missing. */
  readonly setUp: boolean;
  readonly terminal: TerminalReporter;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** A finished run and where it was written. */
export interface FinishedRun {
  readonly run: RunResult;
  readonly directory: string;
}

/** The project's root: what Vitest resolves against. */
const root = resolve(import.meta.dirname, '../..');

/** Runs the scenarios. @throws LabError when the lab could not run; aborts with `signal.reason`. */
export async function runScenarios(options: RunOptions): Promise<FinishedRun> {
  const { terminal, seed, pace, signal } = options;
  for (const line of await sweepLeavings()) terminal.note(`left by an earlier run: ${line}`);
  await using ground = new AsyncDisposableStack();
  const leavings = ground.use(await openLeavings());
  const announce = (line: string): void => terminal.note(line);
  const clock = systemClock();
  const begun = clock.now();
  const id = `${new Date(begun).toISOString().slice(0, 19).replaceAll(':', '-')}-seed-${seed}`;
  const directory = await makeRunDirectory(options.out, id);
  const binary = await findDatabase({ setUp: options.setUp, announce });
  const database = ground.use(await startDatabase({ binary, announce, signal }));
  terminal.runStarted({
    id,
    seed,
    world: 'local',
    pace: pace === 'real' ? 1 : 20,
    scenarios: options.files.length,
    database: `${database.flavour} ${database.version}`,
  });
  const shakeOptions: ShakeOptions = { seed, pace, directory, database: factsOf(database) };
  const results = await runInVitest(options, shakeOptions, leavings.owner);
  signal.throwIfAborted();
  const run: RunResult = {
    version: 1,
    id,
    seed,
    world: 'local',
    pace: pace === 'real' ? 1 : 20,
    startedAt: new Date(begun).toISOString(),
    durationMs: Math.round(clock.now() - begun),
    versions: await versions(`${database.flavour} ${database.version}`),
    outcome: runOutcome(results),
    scenarios: results.map(({ outcome: _outcome, claims: _claims, ...result }): ScenarioResult => result),
    claims: results.flatMap((result) => result.claims),
  };
  await writeRun(directory, run);
  await writeReports(directory, run);
  await pointLatest(options.out, directory);
  return { run, directory };
}

/** What of a server its users need; a started one carries more than JSON can. */
function factsOf(database: StartedDatabase): DatabaseFacts {
  const { flavour, version, host, port, rootUser, rootPassword, caFile, caPem } = database;
  return { flavour, version, host, port, rootUser, rootPassword, caFile, caPem };
}

/** Any contradiction makes the run unexpected, any doubt inconclusive. */
export function runOutcome(results: readonly { outcome: RunResult['outcome'] }[]): RunResult['outcome'] {
  const outcomes = results.map(({ outcome }) => outcome);
  if (outcomes.includes('unexpected')) return 'unexpected';
  return outcomes.includes('inconclusive') || outcomes.length === 0 ? 'inconclusive' : 'expected';
}

async function runInVitest(
  options: RunOptions,
  shakeOptions: ShakeOptions,
  owner: string,
): Promise<ShakeResult[]> {
  const results: ShakeResult[] = [];
  const failures: { code: string; message: string; hint?: string }[] = [];
  const keepSignals = ownSignals();
  const vitest = await createVitest({
    root,
    config: false,
    watch: false,
    include: [...options.files],
    setupFiles: [join(root, 'harness/run/worker.ts')],
    alias: { shaketable: join(root, 'harness/index.ts') },
    pool: 'forks',
    isolate: false,
    maxWorkers: options.workers,
    teardownTimeout: 10_000,
    ...(options.shard === undefined ? {} : { shard: options.shard }),
    env: { SHAKETABLE_RUN: JSON.stringify(shakeOptions), SHAKETABLE_OWNER: owner },
    reporters: [labReporter(options.terminal, results, failures)],
  });
  keepSignals();
  const cancel = (): void => void vitest.cancelCurrentRun('keyboard-input');
  options.signal.addEventListener('abort', cancel, { once: true });
  try {
    const { unhandledErrors, testModules } = await vitest.start();
    options.signal.throwIfAborted();
    const broken = testModules.flatMap((module) =>
      module.errors().map((error) => `${module.relativeModuleId}: ${error.message}`),
    );
    const crashed = unhandledErrors.map((error) => describe(error));
    if (failures[0]) throw labFailure(failures[0]);
    if (broken.length + crashed.length > 0) {
      throw new LabError('LAB_SCENARIO_BROKEN', [...broken, ...crashed].join('\n'), {
        hint: 'This is an error in a scenario file or in the lab, not a result of a check.',
      });
    }
  } finally {
    options.signal.removeEventListener('abort', cancel);
    await vitest.close();
  }
  const order = new Map(options.files.map((file, index) => [relative(root, file), index]));
  const place = (result: ShakeResult): number => order.get(`scenarios/${result.id}.ts`) ?? order.size;
  return results.toSorted((a, b) => place(a) - place(b));
}

/**
 * Vitest and Vite end the process themselves when a signal comes, before anything could be cleaned up. The returned function
 * takes off the listeners that were added since.
 */
function ownSignals(): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = new Map(signals.map((signal) => [signal, new Set<unknown>(process.listeners(signal))]));
  return () => {
    for (const signal of signals) {
      const added = process.listeners(signal).filter((listener) => !before.get(signal)?.has(listener));
      for (const listener of added) process.off(signal, listener);
    }
  };
}

/** Collects results from the tests' meta data and tells the terminal. */
function labReporter(
  terminal: TerminalReporter,
  results: ShakeResult[],
  failures: { code: string; message: string; hint?: string }[],
): Reporter {
  return {
    onTestCaseReady: (testCase: TestCase) => terminal.scenarioStarted(testCase.name),
    onTestCaseResult(testCase: TestCase) {
      const { shake, labFailure } = testCase.meta();
      if (shake) {
        results.push(shake);
        terminal.scenarioFinished(shake);
      } else if (labFailure) failures.push(labFailure);
      else failures.push({ code: 'LAB_INTERNAL', message: `${testCase.name}: ${testFailure(testCase)}` });
    },
  };
}

function testFailure(testCase: TestCase): string {
  const [error] = testCase.result().errors ?? [];
  return error?.message ?? 'ended without a result';
}

function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  const stack = 'stack' in error ? String(error.stack).split('\n').slice(1, 12).join('\n') : '';
  return `${String(error.message)}\n${stack}`;
}

function labFailure({ code, message, hint }: { code: string; message: string; hint?: string }): LabError {
  return new LabError(code as LabErrorCode, message, hint === undefined ? {} : { hint });
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

/** Points `latest` at the run, at once for every reader. */
async function pointLatest(out: string, directory: string): Promise<void> {
  const link = join(out, 'latest');
  const fresh = `${link}.${process.pid}.part`;
  try {
    await rm(fresh, { force: true });
    await symlink(relative(dirname(link), directory), fresh);
    await rename(fresh, link);
  } catch (cause) {
    throw fileError(cause, link);
  }
}
