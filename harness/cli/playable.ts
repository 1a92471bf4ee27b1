/** Which scenarios a run plays, and how many at a time. */
import { availableParallelism } from 'node:os';
import { LabError } from '../errors.ts';
import { idleShare, workersOn } from '../run/workers.ts';
import type { WorldName } from '../world-list.ts';
import type { WorldModule } from '../worlds/world-module.ts';
import { loadScenarios } from './load-scenarios.ts';
import type { ScenarioFile } from './scenario-files.ts';

/** As many as were asked for, or are usual there and the machine has room for, and no more than the world can play at a time. */
export async function workersIn(
  { usualWorkers, mostWorkers = Number.POSITIVE_INFINITY }: WorldModule,
  scenarios: number,
  wanted?: number,
): Promise<number> {
  if (wanted !== undefined) return Math.min(wanted, mostWorkers);
  const usual = Math.min(Math.ceil(usualWorkers(availableParallelism())), mostWorkers, scenarios);
  if (usual <= 1) return 1;
  const idle = await idleShare();
  const workers = workersOn(idle, usual);
  const busy = `this machine is ${Math.round((1 - idle) * 100)} % busy`;
  if (workers < usual)
    console.error(`${busy}: ${workers} of the usual ${usual} scenarios at a time (--workers)`);
  return workers;
}

/** Those that are for this world; the others are named. One that cannot be loaded is left to its run. */
export async function playable(
  scenarios: readonly ScenarioFile[],
  world: WorldName,
): Promise<ScenarioFile[]> {
  const kept: ScenarioFile[] = [];
  const left: string[] = [];
  for (const scenario of scenarios) {
    const [declared] = await loadScenarios([scenario]).catch(() => []);
    if (declared === undefined || declared.worlds.includes(world)) kept.push(scenario);
    else left.push(`${declared.id} (${declared.except[world] ?? declared.worlds.join(', ')})`);
  }
  if (left.length > 0) console.error(`Not played, for other worlds than ${world}:\n  ${left.join('\n  ')}`);
  if (kept.length > 0) return kept;
  throw new LabError('LAB_BAD_INPUT', `None of these scenarios is for the world ${world}`, {
    hint: 'Name another with --world; `shaketable list --json` shows the worlds of each.',
  });
}
