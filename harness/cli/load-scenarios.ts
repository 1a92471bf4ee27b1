/** What scenario files declare, without playing them. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { LabError } from '../errors.ts';
import { declaredScenarios, type ScenarioDefinition } from '../run/scenario.ts';
import type { ScenarioFile } from './scenario-files.ts';

/** The declarations of these files, in their order. @throws LabError `LAB_BAD_INPUT` for one that cannot be loaded */
export async function loadScenarios(files: readonly ScenarioFile[]): Promise<readonly ScenarioDefinition[]> {
  findOurselvesFromAnywhere();
  for (const { file } of files) await load(file);
  return declaredScenarios;
}

/** A scenario of the user's own imports `shaketable` wherever its file is, installed there or not; as `run` has it. */
function findOurselvesFromAnywhere(): void {
  registerHooks({
    resolve: (specifier, context, next) =>
      /^shaketable(\/|$)/.test(specifier)
        ? next(specifier, { ...context, parentURL: import.meta.url })
        : next(specifier, context),
  });
}

async function load(file: string): Promise<void> {
  await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new LabError('LAB_BAD_INPUT', `${file} cannot be loaded: ${(cause as Error).message}`, { cause });
  });
}
