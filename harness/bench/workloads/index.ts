/** The workloads, in the order in which they run. */
import { LabError } from '../../errors.ts';
import type { Workload } from '../workload.ts';
import { claims } from './claims/index.ts';
import { handshake } from './handshake/index.ts';
import { policy } from './policy/index.ts';

export const workloads: readonly Workload[] = [handshake, policy, claims];

/**
 * Those that are named, in the order of the list; all without a name.
 * @throws LabError `LAB_BAD_INPUT` for a name that there is not, with the nearest
 */
export function findWorkloads(names: readonly string[]): readonly Workload[] {
  const unknown = names.find((name) => !workloads.some((workload) => workload.name === name));
  if (unknown !== undefined) {
    throw new LabError('LAB_BAD_INPUT', `There is no benchmark called ${unknown}`, {
      hint: `Did you mean ${nearest(unknown)}? \`shaketable bench --list\` shows all.`,
    });
  }
  return names.length === 0 ? workloads : workloads.filter(({ name }) => names.includes(name));
}

function nearest(name: string): string {
  const [first] = workloads.toSorted((a, b) => distance(name, a.name) - distance(name, b.name));
  return first?.name ?? '';
}

/** Characters to add, remove or replace to make one text of the other (Levenshtein). */
function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of [...one].entries()) {
    const row = [index + 1];
    for (let at = 1; at <= other.length; at += 1) {
      const replaced = (above[at - 1] ?? 0) + (other[at - 1] === character ? 0 : 1);
      row.push(Math.min(replaced, (above[at] ?? 0) + 1, (row[at - 1] ?? 0) + 1));
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}
