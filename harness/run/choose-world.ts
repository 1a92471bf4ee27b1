/**
 * Which world a run takes place in. `auto` takes the last of the list that can be had at once, and says which and why.
 */
import { LabError } from '../errors.ts';
import { type WantedWorld, worldNames } from '../world-list.ts';
import { loadWorld } from '../worlds/load-world.ts';
import type { FoundWorld, WorldModule, WorldRequest } from '../worlds/world-module.ts';

/** A world that can be had. */
export interface ChosenWorld {
  readonly module: WorldModule;
  readonly found: FoundWorld;
  /** Why it was taken, in words; absent when it was asked for. */
  readonly why?: string;
}

/** Chooses. @throws LabError when what was asked for cannot be had */
export async function chooseWorld(wanted: WantedWorld, request: WorldRequest = {}): Promise<ChosenWorld> {
  if (wanted === 'auto') return chooseAtOnce();
  const module = await loadWorld(wanted);
  return { module, found: await module.find(request) };
}

/** The last world that can be had at once; where others were tried before it, their reasons are why. */
async function chooseAtOnce(): Promise<ChosenWorld> {
  const reasons: string[] = [];
  for (const name of worldNames.toReversed()) {
    const module = await loadWorld(name);
    const found = await module.findAtOnce?.();
    if (found === undefined) continue;
    if (!('reason' in found)) return { module, found, why: found.why ?? reasons.join('; ') };
    reasons.push(found.reason);
  }
  throw new LabError('LAB_WORLD_MISSING', `No world can be had: ${reasons.join('; ')}`, {
    hint: 'Ask for one with --world: its message says what it needs.',
  });
}
