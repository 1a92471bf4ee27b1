/**
 * Asks TypeScript whether it would let mutants pass. A mistake that `npm run check` refuses never gets as far as the lab, so it
 * says nothing about it. Many are asked about at once, each in services of its own: what takes the compiler long is to begin.
 */
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectFiles, projectRoot, type ScratchCopy } from '../scratch-copy.ts';
import type { SourceFile } from './instrument.ts';
import { applyTo, type DrawnMutant } from './mutant.ts';

/** Why the compiler refuses mutants: its first complaint about each, by the mutant's id. It has none about the others. */
export type TypeChecker = (mutants: readonly DrawnMutant[]) => Promise<ReadonlyMap<string, string>>;

/** So many services fit into the memory of a small machine. */
const mostAtOnce = 40;

const folder = 'variants';

/** A checker that works in `copy`. */
export async function createTypeChecker(copy: ScratchCopy, signal: AbortSignal): Promise<TypeChecker> {
  const services = await readServices();
  const check = async (mutants: readonly DrawnMutant[]): Promise<[string, string][]> => {
    const variants = mutants.map((mutant, index) => ({ name: `${index}`, mutant }));
    // One that is as it should be: where it is refused, all are.
    for (const { name, mutant } of [...variants, { name: 'sound', mutant: undefined }]) {
      for (const { file, text } of services) {
        const changed = file === mutant?.file ? applyTo(text, mutant) : text;
        await copy.write(`${folder}/${name}/${file}`, changed);
      }
    }
    const complaints = await complain(copy, signal);
    await rm(join(copy.directory, folder), { recursive: true, force: true });
    const sound = complaints.get('sound');
    if (sound !== undefined) throw new Error(`The services do not compile: ${sound}`);
    return variants.flatMap(({ name, mutant }): [string, string][] => {
      const complaint = complaints.get(name);
      return complaint === undefined ? [] : [[mutant.id, complaint]];
    });
  };
  return async (mutants) => {
    const found: [string, string][] = [];
    for (let from = 0; from < mutants.length; from += mostAtOnce)
      found.push(...(await check(mutants.slice(from, from + mostAtOnce))));
    return new Map(found);
  };
}

async function readServices(): Promise<SourceFile[]> {
  const files = (await projectFiles()).filter((file) => /^services\/.*\.ts$/.test(file));
  return await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(join(projectRoot, file), 'utf8') })),
  );
}

/** The first complaint about each of the services there, by the name of their folder. */
async function complain(copy: ScratchCopy, signal: AbortSignal): Promise<Map<string, string>> {
  const config = {
    extends: join(projectRoot, 'tsconfig.json'),
    compilerOptions: { typeRoots: [join(copy.directory, 'node_modules/@types')] },
    include: [folder],
  };
  await copy.write('tsconfig.json', JSON.stringify(config));
  const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const args = [compiler, '--noEmit', '--pretty', 'false', '--project', copy.directory];
  const options = { cwd: copy.directory, signal, maxBuffer: 64 * 1_024 * 1_024 };
  const complaints = new Map<string, string>();
  try {
    await promisify(execFile)(process.execPath, args, options);
  } catch (error) {
    signal.throwIfAborted();
    const { stdout = '' } = error as { stdout?: string };
    for (const [, name = '', complaint = ''] of stdout.matchAll(
      /^variants\/(\w+)\/.*?: (error TS\d+: .*)$/gm,
    ))
      if (!complaints.has(name)) complaints.set(name, complaint);
    if (complaints.size === 0) throw error;
  }
  return complaints;
}
