/**
 * The command that plays a scenario again, on the same faults.
 */
import { join, relative, sep } from 'node:path';
import { inRepository, packageRoot } from '../own-files.ts';
import type { RunWorld } from './start-world.ts';

/** What of a run decides about its faults. */
interface Replayed {
  readonly seed: number;
  readonly pace: 'fast' | 'real';
  readonly world: RunWorld;
  /** Folders in which a file's place is its scenario's id. */
  readonly folders: readonly string[];
}

/** By its id, where that is its place in a folder of scenarios, else by the path of its file. */
export function replayCommand(id: string, file: string, { seed, pace, world, folders }: Replayed): string {
  const hasId = folders.some((folder) => file.startsWith(`${join(folder, id)}.`));
  const speed = pace === 'real' && world.name !== 'external' ? ' --pace real' : '';
  const command = inRepository ? 'npm run lab --' : 'npx shaketable run';
  return `${command} ${hasId ? id : shortPath(file)} --seed ${seed}${speed}${whereTo(world)}`;
}

/** Relative to where the command is called, if the file is below; npm runs its scripts in the project's root. */
function shortPath(file: string): string {
  const root = inRepository ? packageRoot : process.cwd();
  return file.startsWith(root + sep) ? relative(root, file) : file;
}

/** Nothing for `local`, where every machine can play it. */
function whereTo(world: RunWorld): string {
  if (world.name === 'local') return '';
  return world.name === 'external'
    ? ` --world external --config ${world.config.file}`
    : ` --world ${world.name}`;
}
