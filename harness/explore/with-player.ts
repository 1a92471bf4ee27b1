/** Starts what the runs of an exploration share in a world, and gives it back. */
import { labTemporaryDirectory, openLedger } from '../cleanup/index.ts';
import type { ChosenWorld } from '../run/choose-world.ts';
import type { Exploration } from './exploration.ts';
import { type Player, playerIn } from './play.ts';

export interface SharedByRuns {
  readonly world: ChosenWorld;
  readonly exploration: Exploration;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly announce: (line: string) => void;
}

export async function withPlayer<T>(
  { world, exploration, ...options }: SharedByRuns,
  use: (player: Player) => Promise<T>,
): Promise<T> {
  await using held = new AsyncDisposableStack();
  const ledger = held.use(await openLedger());
  const { owner } = ledger;
  const shared = { ...options, owner, setUp: false, services: async () => [] };
  const environment = held.use(await world.found.startShared(shared));
  const { path: within } = held.use(await labTemporaryDirectory('explore', { ledger, memory: true }));
  return await use(playerIn(exploration, world.module, environment.facts, within));
}
