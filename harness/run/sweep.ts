/**
 * Clears up after runs that were killed, and says in words what was found. A record of which nothing is left is no news.
 */
import { findLeavings, type Leaving, type Removal, removeLeavings } from '../worlds/leavings/index.ts';

/** What dead runs left on this machine, in words, without touching it. */
export async function listLeavings(): Promise<string[]> {
  return (await findLeavings()).filter(isNews).map((leaving) => `${describeLeaving(leaving)}: still there`);
}

/** Removes what dead runs left on this machine and says what became of each thing. */
export async function sweepLeavings(): Promise<string[]> {
  const removals = await removeLeavings(await findLeavings());
  return removals
    .filter(({ leaving, outcome }) => isNews(leaving) || outcome === 'kept')
    .map(describeRemoval);
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
