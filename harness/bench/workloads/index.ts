/** The workloads, in the order in which they run. */
import { LabError } from '../../errors.ts';
import { nearestWord } from '../../nearest-word.ts';
import type { Workload } from '../workload.ts';
import { claims } from './claims/index.ts';
import { clients } from './clients/index.ts';
import { database } from './database/index.ts';
import { fleet } from './fleet/index.ts';
import { handshake } from './handshake/index.ts';
import { policy } from './policy/index.ts';
import { proxy } from './proxy/index.ts';
import { urlClaims } from './url/claims.ts';
import { urlHandshake } from './url/handshake.ts';
import { urlPolicy } from './url/policy.ts';
import { websocket } from './websocket/index.ts';

export const workloads: readonly Workload[] = [
  handshake,
  policy,
  clients,
  websocket,
  database,
  fleet,
  proxy,
  claims,
];

/** Those that measure a server of the user's. */
export const urlWorkloads: readonly Workload[] = [urlHandshake, urlPolicy, urlClaims];

/**
 * Those of a list that are named, in its order; all without a name.
 * @throws LabError `LAB_BAD_INPUT` for a name that there is not, with the nearest
 */
export function findWorkloads(
  names: readonly string[],
  list: readonly Workload[] = workloads,
): readonly Workload[] {
  const unknown = names.find((name) => !list.some((workload) => workload.name === name));
  if (unknown !== undefined) {
    const near = nearestWord(
      unknown,
      list.map(({ name }) => name),
    );
    const question = near === undefined ? '' : `Did you mean ${near}? `;
    const where = list === urlWorkloads ? ' of a server of yours' : '';
    throw new LabError('LAB_BAD_INPUT', `There is no benchmark called ${unknown}${where}`, {
      hint: `${question}\`shaketable bench --list\` shows all.`,
    });
  }
  return names.length === 0 ? list : list.filter(({ name }) => names.includes(name));
}
