/**
 * Clears up after runs that were killed, and says in words what was found: processes and directories of this machine, and
 * what is in a Docker engine, if one answers. A record of which nothing is left is no news.
 */

import { findOrphans, type Orphan, type Removal, removeOrphans } from '../cleanup/index.ts';
import { type EngineOrphan, findInEngine, removeFromEngine } from '../worlds/containers/sweep.ts';

/** What dead runs left on this machine, in words, without touching it. */
export async function listOrphans(): Promise<string[]> {
  const found = [...(await findOrphans()).filter(isNews).map(describeOrphan), ...(await listInEngine())];
  return found.map((what) => `${what}: still there`);
}

/** Removes what dead runs left on this machine and says what became of each thing. */
export async function sweepOrphans(): Promise<string[]> {
  const removals = await removeOrphans(await findOrphans());
  const told = removals
    .filter(({ orphan, outcome }) => isNews(orphan) || outcome === 'kept')
    .map(describeRemoval);
  return [...told, ...(await sweepEngine())];
}

const isNews = ({ kind }: Orphan): boolean => kind !== 'record';

function describeRemoval(removal: Removal): string {
  const what = describeOrphan(removal.orphan);
  return removal.outcome === 'kept' ? `${what}: kept, ${removal.reason}` : `${what}: ${removal.outcome}`;
}

/** As `process 4711 (mariadbd …)`. */
function describeOrphan(orphan: Orphan): string {
  if (orphan.kind !== 'process') return `${orphan.kind} ${orphan.path}`;
  const command = orphan.command.length > 60 ? `${orphan.command.slice(0, 60)}…` : orphan.command;
  return `process ${orphan.process.pid} (${command})`;
}

async function listInEngine(): Promise<string[]> {
  return (await findInEngine())?.orphans.map(describeInEngine) ?? [];
}

async function sweepEngine(): Promise<string[]> {
  const found = await findInEngine();
  if (found === undefined) return [];
  const told: string[] = [];
  for (const orphan of found.orphans) {
    const outcome = await removeFromEngine(found.engine, orphan).then(
      () => 'removed',
      (error: Error) => `kept, ${error.message}`,
    );
    told.push(`${describeInEngine(orphan)}: ${outcome}`);
  }
  return told;
}

/** As `container server-3f2a (of Docker)`. */
function describeInEngine({ kind, name }: EngineOrphan): string {
  return `${kind} ${name} (of Docker)`;
}
