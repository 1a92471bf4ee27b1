/** From what a pool, its link and the database saw to one round of a row. */
import type { PoolRequest } from '../../load/database/pool-load.ts';
import { errorsInWords } from '../../rig/judge-counts.ts';
import type { Take } from '../../rounds/summarize-row.ts';
import type { PoolBatch } from './rig.ts';

/** The unit of each figure. */
export const databaseUnits = Object.freeze({
  requests: 'requests',
  failures: 'requests',
  unknown: 'requests',
  connections: 'connections',
  unhealthy: 'rounds',
});

/** A request that ends later than this after it was due is no healthy one. */
export const healthyWithinMs = 250;

/**
 * From when the fault began until requests are healthy again: due then, each one after it succeeds, and soon. 0 if all did;
 * undefined if the last one did not.
 */
export function untilHealthy(
  requests: readonly PoolRequest[],
  beganAt: number,
  withinMs = healthyWithinMs,
): number | undefined {
  const healthy = ({ code, endedAt, plannedAt }: PoolRequest): boolean =>
    code === undefined && endedAt - plannedAt <= withinMs;
  const lastBad = requests.findLastIndex(
    (request) => request.plannedAt >= beganAt - withinMs && !healthy(request),
  );
  if (lastBad === -1) return 0;
  const next = requests[lastBad + 1];
  return next && Math.max(0, next.plannedAt - beganAt);
}

/** No time at all, which has no ratio to another one. */
const shortestMs = 0.01;

export function takeOfPool({ load, fault, connections, rows }: PoolBatch): Take {
  const { requests } = load;
  const failed = requests.filter(({ code }) => code !== undefined);
  const numbers = [...requests.entries()];
  const invented = numbers.filter(([number, { code }]) => code === undefined && !rows.has(number)).length;
  const unknown = numbers.filter(([number, { code }]) => code !== undefined && rows.has(number)).length;
  const impossible = [...rows].filter(([number, times]) => times !== 1 || number >= requests.length).length;
  const back = fault && untilHealthy(requests, fault.beganAt);
  const acquire = requests.flatMap(({ acquireMs }) =>
    acquireMs === undefined ? [] : [Math.max(shortestMs, acquireMs)],
  );
  const errors = countCodes(failed);
  return {
    times: {
      ...(acquire.length > 0 ? { acquire } : {}),
      ...(back === undefined ? {} : { back: [Math.max(shortestMs, back)] }),
    },
    figures: {
      requests: requests.length,
      failures: failed.length,
      unknown,
      connections,
      unhealthy: fault && back === undefined ? 1 : 0,
    },
    failures:
      !fault && failed.length > 0
        ? [`where nothing was to break, ${failed.length} requests failed (${errorsInWords(errors)})`]
        : [],
    doubts: [
      ...(invented > 0 ? [`${invented} requests succeeded that the database does not have`] : []),
      ...(impossible > 0
        ? [`the database has ${impossible} numbers more than once, or that were never sent`]
        : []),
      ...(fault && !fellAmong(requests, fault) ? ['the fault did not fall among the requests'] : []),
      ...(!fault && load.connections !== connections
        ? [`the pool counted ${load.connections} connections, the proxy ${connections}`]
        : []),
    ],
    remarks: fault && failed.length > 0 ? [`errors: ${Object.keys(errors).toSorted().join(', ')}`] : [],
  };
}

/** Begun after the first request, and over before the last. */
function fellAmong(requests: readonly PoolRequest[], fault: NonNullable<PoolBatch['fault']>): boolean {
  const [first, last] = [requests.at(0), requests.at(-1)];
  return (
    first !== undefined &&
    last !== undefined &&
    fault.beganAt > first.plannedAt &&
    fault.overAt < last.plannedAt
  );
}

function countCodes(failed: readonly PoolRequest[]): Record<string, number> {
  const codes = failed.map(({ code = '' }) => code);
  return Object.fromEntries([...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length]));
}
