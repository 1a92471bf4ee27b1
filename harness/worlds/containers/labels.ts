/**
 * The labels that everything of the lab's in an engine carries: whose it is, so that a later run can tell whether anybody
 * still needs it. What has no such label is never touched.
 */
import { hostname } from 'node:os';
import { isAlive, parseIdentity, processSpace } from '../../cleanup/process-identity.ts';

/** The label that names the run: `<pid>-<start>` of its main process. */
export const ownerLabel = 'shaketable.owner';
/** What later runs use again: it belongs to no run, and is not removed with one. */
export const cacheLabel = 'shaketable.cache';
/** The space in which that process id means something: machine, boot, and namespace. */
const spaceLabel = 'shaketable.space';

/** The label that tells the stacks of one owner apart. */
export const stackLabel = 'shaketable.stack';

/** Labels for whatever belongs to a stack of the run of `owner`. */
export function labelsOf(owner: string, stack: string): Record<string, string> {
  return { [ownerLabel]: owner, [stackLabel]: stack, [spaceLabel]: ownSpace() };
}

/** Whether nobody needs it any more. An owner on another machine, or in another container, cannot be judged from here. */
export function isAbandoned(labels: Readonly<Record<string, string>>): boolean {
  const owner = parseIdentity(labels[ownerLabel] ?? '');
  if (owner === undefined || labels[spaceLabel] === undefined) return false;
  const [machine, boot, namespace] = labels[spaceLabel].split(' ');
  const here = processSpace();
  if (machine !== hostname()) return false;
  if (boot !== here.boot) return true;
  return namespace === here.namespace && !isAlive(owner);
}

function ownSpace(): string {
  const { boot, namespace } = processSpace();
  return [hostname(), boot, namespace].join(' ');
}
