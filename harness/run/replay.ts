/**
 * The command that plays a scenario again, on the same faults.
 */
import { relative, resolve, sep } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** By its id, where that is its place among the lab's scenarios, else by the path of its file. */
export function replayCommand(
  id: string,
  file: string,
  options: { seed: number; pace: 'fast' | 'real' },
): string {
  const isOfTheLab = file === resolve(root, 'scenarios', `${id}.ts`);
  const inProject = file.startsWith(root + sep) ? relative(root, file) : file;
  const pace = options.pace === 'real' ? ' --pace real' : '';
  return `npm run lab -- ${isOfTheLab ? id : inProject} --seed ${options.seed}${pace}`;
}
