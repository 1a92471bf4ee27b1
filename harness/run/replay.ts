/**
 * The command that plays a scenario again, on the same faults.
 */
import { relative, resolve, sep } from 'node:path';
import type { RunWorld } from './start-world.ts';

const root = resolve(import.meta.dirname, '../..');

/** By its id, where that is its place among the lab's scenarios, else by the path of its file. */
export function replayCommand(
  id: string,
  file: string,
  { seed, pace, world }: { seed: number; pace: 'fast' | 'real'; world: RunWorld },
): string {
  const isOfTheLab = file === resolve(root, 'scenarios', `${id}.ts`);
  const inProject = file.startsWith(root + sep) ? relative(root, file) : file;
  const speed = pace === 'real' && world.name !== 'external' ? ' --pace real' : '';
  return `npm run lab -- ${isOfTheLab ? id : inProject} --seed ${seed}${speed}${whereTo(world)}`;
}

/** Nothing for `local`, where every machine can play it. */
function whereTo(world: RunWorld): string {
  if (world.name === 'local') return '';
  return world.name === 'external'
    ? ` --world external --config ${world.config.file}`
    : ` --world ${world.name}`;
}
