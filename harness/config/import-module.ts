/** Modules of a project: configs, scenarios, and what configs name. */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { LabError } from '../errors.ts';

let hooked = false;

/** Loads a module that may import `shaketable` wherever it is. @throws LabError `LAB_BAD_INPUT` */
export async function importModule(file: string): Promise<Record<string, unknown>> {
  if (!existsSync(file))
    throw new LabError('LAB_BAD_INPUT', `There is no file ${file}`, {
      hint: 'Check the path where it is named: on the command line, or in the config.',
    });
  if (!hooked) resolveThisLab();
  hooked = true;
  return import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new LabError('LAB_BAD_INPUT', `${file} cannot be loaded: ${(cause as Error).message}`, { cause });
  });
}

/** Makes `shaketable` mean this very lab in every module, installed beside it or not. */
function resolveThisLab(): void {
  registerHooks({
    resolve: (specifier, context, next) =>
      /^shaketable(\/|$)/.test(specifier)
        ? next(specifier, { ...context, parentURL: import.meta.url })
        : next(specifier, context),
  });
}
