/**
 * Scenario files under Vitest: each is a test, each result comes back as its meta data. What threw instead of giving a result
 * has a place among them all the same, and is told beside them.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { createVitest, type Reporter, type TestCase, type TestModule } from 'vitest/node';
import { LabError, type LabErrorCode } from '../errors.ts';
import { inRepository, moduleEnding, packageRoot } from '../own-files.ts';
import type { TerminalReporter } from '../report/terminal/reporter.ts';
import { brokenScenario } from './broken-scenario.ts';
import { readCutShort } from './cut-short.ts';
import { withTemporaryData } from './data-directory.ts';
import type { RunScenarioOptions } from './play-subject.ts';
import { endInWords, endOf } from './process-ends.ts';
import { shortPath } from './replay.ts';
import type { JudgedScenario } from './run-scenario.ts';

/** Which files to run, and how. */
export interface VitestOptions {
  readonly files: readonly string[];
  readonly shard?: string;
  readonly workers: number;
  /** What each worker loads before all else, by its path without an ending. */
  readonly workerSetUp?: string | undefined;
  readonly terminal: TerminalReporter;
  readonly signal: AbortSignal;
  /** One that is open already, for these files among others; what it was opened with stands. @default one for each run */
  readonly opened?: OpenVitest;
}

/** What one run of Vitest leaves beside its results: files to be run again, and why others have none. */
export interface Pass {
  readonly again: readonly string[];
  readonly failure: LabError | undefined;
}

/** Vitest, started for some files, of which it runs any as often as one likes. */
export interface OpenVitest extends AsyncDisposable {
  /** Runs these, or all with the shard that was asked for; what comes of them goes into `results`. */
  run(files: readonly string[] | 'all', results: Map<string, JudgedScenario>): Promise<Pass>;
}

/** Runs the files in one run of Vitest; what comes of them goes into `results`. `owner` is the lab's main process. */
export async function runInVitest(
  options: VitestOptions,
  scenarioOptions: RunScenarioOptions,
  owner: string,
  results: Map<string, JudgedScenario>,
): Promise<Pass> {
  if (options.opened) return await options.opened.run(options.files, results);
  await using vitest = await openVitest(options, scenarioOptions, owner);
  return await vitest.run('all', results);
}

/** Starts Vitest, which takes as long as a short scenario: worth keeping where scenarios come one by one. */
export async function openVitest(
  options: VitestOptions,
  scenarioOptions: RunScenarioOptions,
  owner: string,
): Promise<OpenVitest> {
  const { terminal, signal } = options;
  let collecting: Collected = { results: new Map(), failures: [] };
  const keepSignals = ownSignals();
  const start = () =>
    createVitest({
      root: packageRoot,
      config: false,
      watch: false,
      include: options.files.map(escapeGlob),
      exclude: [],
      setupFiles: [options.workerSetUp, join(import.meta.dirname, 'worker')]
        .filter((path) => path !== undefined)
        .map((path) => `${path}${moduleEnding}`),
      sequence: { setupFiles: 'list' },
      // An installed lab keeps nothing beside itself: the user may not be allowed to write there.
      cache: inRepository,
      fsModuleCache: inRepository,
      server: { deps: { inline: [ownModules()] } },
      alias: ownEntrances(),
      pool: 'forks',
      isolate: true,
      maxWorkers: options.workers,
      teardownTimeout: 10_000,
      ...(options.shard === undefined ? {} : { shard: options.shard }),
      env: { SHAKETABLE_RUN: JSON.stringify(scenarioOptions), SHAKETABLE_OWNER: owner },
      reporters: [labReporter(terminal, () => collecting)],
    });
  const vitest = await withTemporaryData(start);
  keepSignals();
  const cancel = (): void => void vitest.cancelCurrentRun('keyboard-input');
  signal.addEventListener('abort', cancel, { once: true });

  const runTests = async (files: readonly string[] | 'all') => {
    if (files === 'all') return await vitest.start();
    const project = vitest.getRootProject();
    const { unhandledErrors, testModules } = await vitest.runTestSpecifications(
      files.map((file) => project.createSpecification(file)),
    );
    return { unhandledErrors, testModules: testModules.filter(({ moduleId }) => files.includes(moduleId)) };
  };
  return {
    async run(files, results) {
      const failures: LabFailure[] = [];
      collecting = { results, failures };
      const { unhandledErrors, testModules } = await runTests(files);
      signal.throwIfAborted();
      const again: string[] = [];
      const ends = new Set<unknown>();
      const unplayed: string[] = [];
      for (const module of testModules) {
        const { moduleId: file } = module;
        if (results.has(file)) continue;
        const cutShort = readCutShort(scenarioOptions.directory, file);
        const end = endOf(file, unhandledErrors);
        ends.add(end);
        if (cutShort?.reasons.length === 0) {
          again.push(file);
          continue;
        }
        const reasons = cutShort?.reasons ?? (end && [endInWords(end)]);
        if (reasons && (cutShort?.loading ?? !cutShort))
          unplayed.push(...reasons.map((reason) => `${shortPath(file)}: ${reason}`));
        const broken = await brokenScenario(module, scenarioOptions, reasons);
        results.set(file, broken);
        terminal.scenarioFinished(broken);
      }
      const uncaught = unhandledErrors.filter((error) => !ends.has(error));
      const [first] = failures;
      const failure = first ? labFailure(first) : brokenScenarios(testModules, uncaught, unplayed);
      return { again, failure };
    },
    [Symbol.asyncDispose]: async () => {
      signal.removeEventListener('abort', cancel);
      await vitest.close();
    },
  };
}

interface LabFailure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Where what comes of tests goes. */
interface Collected {
  readonly results: Map<string, JudgedScenario>;
  readonly failures: LabFailure[];
}

/**
 * The lab's own modules, which go through Vitest also where they are in `node_modules`: a copy that Node loaded by itself would
 * not see the scenarios that this one declares.
 */
function ownModules(): RegExp {
  return new RegExp(`^${RegExp.escape(packageRoot)}/(?!node_modules/)`);
}

/** A path with characters that mean something in globs. */
function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\]{}()!+@]/g, '\\$&');
}

/** A scenario imports this very lab wherever its file is, whether or not the lab is installed there. */
function ownEntrances(): { find: RegExp; replacement: string }[] {
  return ['shaketable', 'shaketable/proxy'].map((name) => ({
    find: new RegExp(`^${name}$`),
    replacement: fileURLToPath(import.meta.resolve(name)),
  }));
}

/** What files that cannot be loaded and errors that nobody caught come to. */
function brokenScenarios(
  modules: readonly TestModule[],
  uncaught: readonly unknown[],
  unplayed: readonly string[],
): LabError | undefined {
  const broken = modules.flatMap((module) =>
    module.errors().map(({ message }) => {
      const [line = ''] = stripVTControlCharacters(message).split('\n');
      return `${shortPath(module.moduleId)}: ${line}`;
    }),
  );
  const all = [...new Set([...unplayed, ...broken, ...uncaught.map(describe)])];
  if (all.length === 0) return undefined;
  return new LabError('LAB_SCENARIO_BROKEN', all.join('\n'), {
    hint: 'This is an error in a scenario file or in the lab, not a result of a check.',
  });
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

/** Collects results by their file from the tests' meta data, and tells the terminal. */
function labReporter(terminal: TerminalReporter, collecting: () => Collected): Reporter {
  return {
    onUserConsoleLog({ content }) {
      for (const line of content.trimEnd().split('\n')) terminal.note(line);
    },
    onTestCaseReady: (testCase: TestCase) => terminal.scenarioStarted(testCase.name),
    onTestCaseResult(testCase: TestCase) {
      const { scenario, labFailure } = testCase.meta();
      const { results, failures } = collecting();
      if (scenario) {
        results.set(testCase.module.moduleId, scenario);
        if (scenario.saysNothing === undefined) terminal.scenarioFinished(scenario);
        else terminal.note(`– ${scenario.id} is not applicable: ${scenario.saysNothing}`);
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

function labFailure({ code, message, hint }: LabFailure): LabError {
  return new LabError(code as LabErrorCode, message, hint === undefined ? {} : { hint });
}
