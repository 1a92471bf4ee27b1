/** Worlds by name. A world is loaded only where it is used: some bring a lot along. */
import type { WorldName } from '../world-list.ts';
import type { WorldModule } from './world-module.ts';

/** The module in the folder of the world's name. */
export async function loadWorld(name: WorldName): Promise<WorldModule> {
  const { world }: { world: WorldModule } = await import(`./${name}/index.ts`);
  return world;
}
