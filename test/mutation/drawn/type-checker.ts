/**
 * Asks TypeScript whether it would let a mutant pass. A mistake that `npm run check` refuses never gets as far as the lab, so it
 * says nothing about it.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot, type ScratchCopy } from '../scratch-copy.ts';
import { applyTo, type DrawnMutant } from './mutant.ts';

/** Why the compiler refuses the mutant: its first complaint. Undefined if it does not. */
export type TypeChecker = (mutant: DrawnMutant) => Promise<string | undefined>;

/** A checker that tries mutants in `copy`, which nothing else may use at the same time. */
export async function createTypeChecker(copy: ScratchCopy, signal: AbortSignal): Promise<TypeChecker> {
  const config = {
    extends: join(projectRoot, 'tsconfig.json'),
    compilerOptions: { typeRoots: [join(copy.directory, 'node_modules/@types')] },
    include: ['services'],
  };
  await copy.write('tsconfig.json', JSON.stringify(config));
  const complaint = await complain(copy.directory, signal);
  if (complaint !== undefined) throw new Error(`The services do not compile: ${complaint}`);
  return async (mutant) => {
    await using _edit = await edited(copy, mutant);
    return await complain(copy.directory, signal);
  };
}

/** Puts a mutant into the copy; disposal takes it out again. */
export async function edited(copy: ScratchCopy, mutant: DrawnMutant): Promise<AsyncDisposable> {
  let before = '';
  await copy.edit(mutant.file, (text) => {
    before = text;
    return applyTo(text, mutant);
  });
  return { [Symbol.asyncDispose]: () => copy.edit(mutant.file, () => before) };
}

async function complain(directory: string, signal: AbortSignal): Promise<string | undefined> {
  const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const args = [compiler, '--noEmit', '--pretty', 'false', '--project', directory];
  try {
    await promisify(execFile)(process.execPath, args, { cwd: directory, signal });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const [complaint] = String((error as { stdout?: unknown }).stdout).match(/error TS\d+: .*/) ?? [];
    if (complaint === undefined) throw error;
    return complaint;
  }
}
