/** Starts what runs in this process share in a world, and gives it back. */
import { openLedger, type ResourceLedger } from '../cleanup/index.ts';
import type { SharedOptions } from '../worlds/world-module.ts';
import type { ChosenWorld } from './choose-world.ts';

export interface SharedByRuns extends Pick<SharedOptions, 'seed' | 'signal' | 'announce'> {
  readonly world: ChosenWorld;
  /** May install what is missing. @default false */
  readonly setUp?: boolean;
}

/** `use` gets what tables are started with, and the record of what this process has. */
export async function withSharedWorld<T>(
  { world, setUp = false, ...options }: SharedByRuns,
  use: (facts: unknown, ledger: ResourceLedger) => Promise<T>,
): Promise<T> {
  await using held = new AsyncDisposableStack();
  const ledger = held.use(await openLedger());
  const shared = { ...options, owner: ledger.owner, setUp, services: async () => [] };
  const environment = held.use(await world.found.startShared(shared));
  return await use(environment.facts, ledger);
}
