/**
 * Clears up after runs that were killed, and says in words what was found: processes and directories of this machine, and
 * what is in a Docker engine, if one answers. A record of which nothing is left is no news.
 */

import { findLeavings, type Leaving, type Removal, removeLeavings } from '../cleanup/index.ts';
import { type EngineLeaving, findInEngine, removeFromEngine } from '../worlds/containers/sweep.ts';

/** What dead runs left on this machine, in words, without touching it. */
export async function listLeavings(): Promise<string[]> {
  const found = [...(await findLeavings()).filter(isNews).map(describeLeaving), ...(await listInEngine())];
  return found.map((what) => `${what}: still there`);
}

/** Removes what dead runs left on this machine and says what became of each thing. */
export async function sweepLeavings(): Promise<string[]> {
  const removals = await removeLeavings(await findLeavings());
  const told = removals
    .filter(({ leaving, outcome }) => isNews(leaving) || outcome === 'kept')
    .map(describeRemoval);
  return [...told, ...(await sweepEngine())];
}

const isNews = ({ kind }: Leaving): boolean => kind !== 'record';

function describeRemoval(removal: Removal): string {
  const what = describeLeaving(removal.leaving);
  return removal.outcome === 'kept' ? `${what}: kept, ${removal.reason}` : `${what}: ${removal.outcome}`;
}

/** As `process 4711 (mariadbd …)`. */
function describeLeaving(leaving: Leaving): string {
  if (leaving.kind !== 'process') return `${leaving.kind} ${leaving.path}`;
  const command = leaving.command.length > 60 ? `${leaving.command.slice(0, 60)}…` : leaving.command;
  return `process ${leaving.process.pid} (${command})`;
}

async function listInEngine(): Promise<string[]> {
  return (await findInEngine())?.leavings.map(describeInEngine) ?? [];
}

async function sweepEngine(): Promise<string[]> {
  const found = await findInEngine();
  if (found === undefined) return [];
  const told: string[] = [];
  for (const leaving of found.leavings) {
    const outcome = await removeFromEngine(found.engine, leaving).then(
      () => 'removed',
      (error: Error) => `kept, ${error.message}`,
    );
    told.push(`${describeInEngine(leaving)}: ${outcome}`);
  }
  return told;
}

/** As `container server-3f2a (of Docker)`. */
function describeInEngine({ kind, name }: EngineLeaving): string {
  return `${kind} ${name} (of Docker)`;
}
