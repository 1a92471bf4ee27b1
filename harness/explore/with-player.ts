/** A player of an exploration, on what its runs share in a world. */
import { labTemporaryDirectory } from '../cleanup/index.ts';
import { type SharedByRuns, withSharedWorld } from '../run/shared-world.ts';
import type { Exploration } from './exploration.ts';
import { type Player, playerIn } from './play.ts';

export async function withPlayer<T>(
  { exploration, ...shared }: SharedByRuns & { readonly exploration: Exploration },
  use: (player: Player) => Promise<T>,
): Promise<T> {
  return await withSharedWorld(shared, async (facts, ledger) => {
    await using within = await labTemporaryDirectory('explore', { ledger, memory: true });
    return await use(playerIn(exploration, shared.world.module, facts, within.path));
  });
}
