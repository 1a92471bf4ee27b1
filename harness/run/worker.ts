/**
 * Set-up file of the Vitest workers that run scenarios: turns each declared scenario into a test of the same name. The
 * result travels to the runner as the task's meta data; the journals are written by the worker itself.
 */
import { test } from 'vitest';
import { isLabError, LabError } from '../errors.ts';
import { storyBoundMs } from './bound.ts';
import { type JudgedScenario, paceOf, type RunScenarioOptions, runScenario } from './run-scenario.ts';
import { onScenario, type ScenarioDefinition } from './scenario.ts';
import { hearConsole } from './voice.ts';

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

/** What clearing the table and judging may take beyond the story, in real milliseconds. */
const clearingMs = 120_000;

hearConsole();
onScenario((definition) => {
  const options = readOptions();
  const pace = paceOf(definition, options);
  test(definition.id, { timeout: storyBoundMs[pace] + clearingMs }, async ({ task }) => {
    const result = await runScenario(definition, task.file.filepath, options).catch((error: unknown) => {
      task.meta.labFailure = describeFailure(error);
      throw error;
    });
    task.meta.scenario = result;
    if (!result.asExpected) throw new Error(explain(definition, result));
  });
});

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
