/** Programs as a shell would find them. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The directories of PATH, in order. An empty entry, which means the current directory, is left out on purpose. */
export function searchPath(env: NodeJS.ProcessEnv): string[] {
  return (env.PATH ?? '').split(delimiter).filter((directory) => directory !== '');
}

/** The path of the program that `name` would run; `undefined` if there is none. */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return searchPath(env)
    .map((directory) => join(directory, name))
    .find(isProgram);
}

/** Whether `path` is a file that the current user may execute. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
