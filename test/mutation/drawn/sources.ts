/** What is mutated, and by what a measurement knows that it goes on with the same code. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFiles, projectRoot, type ScratchCopy } from '../scratch-copy.ts';
import type { SourceFile } from './instrument.ts';

/** The services that the lab has to watch. */
export const defaultPaths: readonly string[] = ['services/agent', 'services/server'];

/** Code that only the naive subject runs: it has to fail anyway. */
const naive = /(^|\/)naive(\.ts$|\/)/;

/** Whether a file is one of `paths`, or below one. */
export const isWithin = (file: string, paths: readonly string[]): boolean =>
  paths.map((path) => path.replace(/\/$/, '')).some((path) => file === path || file.startsWith(`${path}/`));

/** The TypeScript files at or below `paths`, by name. Throws when there is none. */
export async function readSources(paths: readonly string[]): Promise<SourceFile[]> {
  const files = (await projectFiles())
    .filter((file) => isWithin(file, paths))
    .filter((file) => file.startsWith('services/') && file.endsWith('.ts') && !naive.test(file))
    .toSorted();
  if (files.length === 0)
    throw new RangeError(`No file of a sound service is at or below ${paths.join(', ')}`);
  return await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(join(projectRoot, file), 'utf8') })),
  );
}

/** A digest of all that a run of the lab depends on here. */
export async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await projectFiles()).toSorted())
    hash
      .update(`${file}\0`)
      .update(await readFile(join(projectRoot, file)))
      .update('\0');
  return hash.digest('hex');
}

/** A copy of the code that has this fingerprint. Throws where somebody has changed the code since. */
export async function copyOf(code: string, make: () => Promise<ScratchCopy>): Promise<ScratchCopy> {
  const copy = await make();
  if ((await fingerprint()) === code) return copy;
  await copy[Symbol.asyncDispose]();
  throw new RangeError(
    'The code has changed while it was measured: measure in a working tree that is left alone',
  );
}
