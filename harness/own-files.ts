/**
 * Where the lab's own files are. The repository and the installed package have the same folders, with TypeScript in the one
 * and the JavaScript compiled from it in the other.
 */
import { extname, resolve } from 'node:path';

/** The folder of `harness`, `services` and `scenarios`, and of the `package.json` with the version. */
export const packageRoot = resolve(import.meta.dirname, '..');

/** The ending of the lab's own modules: `.ts` in the repository, `.js` in the package. */
export const moduleEnding = extname(import.meta.filename);

/** Whether this is the repository, where commands are called by npm scripts. */
export const inRepository = moduleEnding === '.ts';
