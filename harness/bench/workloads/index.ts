/** The workloads, in the order in which they run. */
import { LabError } from '../../errors.ts';
import { nearestWord } from '../../nearest-word.ts';
import type { Workload } from '../workload.ts';
import { claims } from './claims/index.ts';
import { clients } from './clients/index.ts';
import { handshake } from './handshake/index.ts';
import { policy } from './policy/index.ts';
import { websocket } from './websocket/index.ts';

export const workloads: readonly Workload[] = [handshake, policy, clients, websocket, claims];

/**
 * Those that are named, in the order of the list; all without a name.
 * @throws LabError `LAB_BAD_INPUT` for a name that there is not, with the nearest
 */
export function findWorkloads(names: readonly string[]): readonly Workload[] {
  const unknown = names.find((name) => !workloads.some((workload) => workload.name === name));
  if (unknown !== undefined) {
    const near = nearestWord(
      unknown,
      workloads.map(({ name }) => name),
    );
    const question = near === undefined ? '' : `Did you mean ${near}? `;
    throw new LabError('LAB_BAD_INPUT', `There is no benchmark called ${unknown}`, {
      hint: `${question}\`shaketable bench --list\` shows all.`,
    });
  }
  return names.length === 0 ? workloads : workloads.filter(({ name }) => names.includes(name));
}
