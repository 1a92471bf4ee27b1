/**
 * Set-up file of the Vitest workers that run scenarios: turns each declared scenario into a test of the same name. The
 * result travels to the runner as the task's meta data; the journals are written by the worker itself.
 */
import { systemClock } from 'shaketable-proxy/clock';
import { expect, test } from 'vitest';
import { isLabError, LabError } from '../errors.ts';
import { bounded, clearBoundMs, late, loadBoundMs, stopBoundMs, storyBoundMs } from './bound.ts';
import { type CutShort, cutShortPath, readCutShort, writeCutShort } from './cut-short.ts';
import { forSubject } from './for-subject.ts';
import { ownLineNow } from './own-lines.ts';
import { cutOffSpeaker, paceOf, type RunScenarioOptions } from './play-subject.ts';
import { type JudgedScenario, runScenario } from './run-scenario.ts';
import { onScenario, type ScenarioDefinition } from './scenario.ts';
import { type StandStill, standStillBoundMs } from './stand-still.ts';
import { hearConsole, hearWarnings } from './voice.ts';
import { startWatchdog } from './watchdog.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What the scenario came to. */
    scenario?: JudgedScenario;
    /** Why the lab could not run it. */
    labFailure?: { code: string; message: string; hint?: string };
  }
}

/** The environment variable in which the runner passes {@link RunScenarioOptions} on, as JSON. */
const optionsVariable = 'SHAKETABLE_RUN';

/** The test's own time-out is for what nothing else bounds: waiting for the world, judging, and a machine that stands still. */
const spareMs = 600_000;

const loaded = Promise.withResolvers<void>();
let loading = true;

hearConsole();
hearWarnings();
onScenario((declared) => {
  const options = readOptions();
  const definition = options.subject === undefined ? declared : forSubject(declared, options.subject);
  const boundMs = storyBoundMs[paceOf(definition, options)] + stopBoundMs + clearBoundMs;
  test(definition.id, { timeout: boundMs + spareMs }, async ({ task }) => {
    loading = false;
    loaded.resolve();
    const file = task.file.filepath;
    const cutOff = readCutShort(options.directory, file)?.cutOff;
    const result = await runScenario(definition, file, options, cutOff).catch((error: unknown) => {
      task.meta.labFailure = describeFailure(error);
      throw error;
    });
    task.meta.scenario = result;
    if (!result.asExpected && result.saysNothing === undefined) throw new Error(explain(definition, result));
  });
});
watch(readOptions().directory, expect.getState().testPath ?? '');

/** Ends this process when the file does not finish loading, or code of the scenario does not give its thread back. */
function watch(directory: string, file: string): void {
  const path = cutShortPath(directory, file);
  const { cutOff = [] } = readCutShort(directory, file) ?? {};
  startWatchdog(path, (how, last) => {
    const boundMs = standStillBoundMs[how];
    const at = ownLineNow();
    if (loading) return { ...unloaded(inWords(how, boundMs, at)), cutOff };
    const cut = cutOffSpeaker({ how, boundMs, ...(at === undefined ? {} : { at }) });
    if (cut) return { reasons: [], cutOff: [...cutOff, cut] };
    const reason = `${inWords(how, boundMs, at)}; whose code that is cannot be told.`;
    return last ? { reasons: [`Code of the scenario ${reason}`], cutOff } : undefined;
  });
  void bounded(loaded.promise, loadBoundMs, systemClock()).then((ended) => {
    if (ended !== late) return;
    writeCutShort(path, unloaded(`waited ${loadBoundMs / 1_000} s for a promise at its top level`));
    process.kill(process.pid, 'SIGKILL');
  });
}

function unloaded(how: string): CutShort {
  return { reasons: [`The file did not finish loading: it ${how}.`], loading: true, cutOff: [] };
}

function inWords(how: StandStill, boundMs: number, at: string | undefined): string {
  const where = at === undefined ? '' : `, at ${at}`;
  if (how === 'spins')
    return `kept its thread busy for ${boundMs / 1_000} s of processor time without a pause${where}`;
  return `held its thread for ${boundMs / 1_000} s in a call that did not return${where}`;
}

function readOptions(): RunScenarioOptions {
  const text = process.env[optionsVariable];
  if (text !== undefined) return JSON.parse(text) as RunScenarioOptions;
  throw new LabError('LAB_BAD_INPUT', 'A scenario was started without the lab around it', {
    hint: 'Start it with `shaketable run`, which brings the database and the report.',
  });
}

function describeFailure(error: unknown): { code: string; message: string; hint?: string } {
  if (!isLabError(error)) return { code: 'LAB_INTERNAL', message: String(error) };
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

function explain(definition: ScenarioDefinition, result: JudgedScenario): string {
  if (result.outcome === 'inconclusive') return ['inconclusive', ...(result.inconclusive ?? [])].join('\n');
  const findings = result.subjects.flatMap(({ name, checks }) =>
    checks.map(
      ({ id, outcome, measured, expected }) => `${name}: ${outcome} ${id}: ${measured}, expected ${expected}`,
    ),
  );
  return [`not as expected (naive is to fail ${definition.reported.join(', ')})`, ...findings].join('\n');
}
