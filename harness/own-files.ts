/**
 * Where the lab's own files are. The repository and the installed package have the same folders, with TypeScript in the one
 * and the JavaScript compiled from it in the other.
 */
import { readFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';

/** The folder of `harness`, `services` and `scenarios`, and of the `package.json` with the version. */
export const packageRoot = resolve(import.meta.dirname, '..');

/** The ending of the lab's own modules: `.ts` in the repository, `.js` in the package. */
export const moduleEnding = extname(import.meta.filename);

/** Whether this is the repository, where commands are called by npm scripts. */
export const inRepository = moduleEnding === '.ts';

/** The lab's own version, which is the repository's. */
export async function ownVersion(): Promise<string> {
  return (await versionIn(join(packageRoot, 'package.json'))) ?? '';
}

/** The version that a `package.json` says; undefined where there is no such file. */
export async function versionIn(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}
