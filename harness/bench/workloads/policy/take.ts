/** From a batch of requests to one round of a row. */
import type { PolicyLoad } from '../../load/policy-load.ts';
import type { SaturateLoad } from '../../load/saturate.ts';
import { errorsInWords } from '../../rig/judge-counts.ts';
import type { Take } from '../../rounds/summarize-row.ts';
import { median } from '../../statistics/order.ts';
import type { RequestBatch } from './rig.ts';

const mebibyte = 2 ** 20;

/** The unit of each figure. */
export const policyUnits = Object.freeze({
  rate: 'requests/s',
  unanswered: 'requests',
  retries: 'requests',
  duplicates: 'operations',
  connections: 'connections',
  full: 'handshakes',
  resumed: 'handshakes',
  failed: 'handshakes',
  strikes: 'strikes',
  bytes: 'KiB',
  clientCpu: 'ms',
  serverCpu: 'ms',
  clientMemory: 'MiB',
  serverMemory: 'MiB',
});

/** A generator whose lateness is more than this share of the service was what limited. */
const largestShareOfLateness = 0.25;
/** Lateness below this is the platform's timers. */
const usualLatenessMs = 1;

/** Of the open loop. On a healthy link nothing may fail, and the server must have got what was sent. */
export function takeOfPolicy(healthy: boolean, batch: RequestBatch<PolicyLoad>): Take {
  const { load, effects } = batch;
  const unanswered = Object.values(load.errors).reduce((sum, count) => sum + count, 0);
  const sent = load.serviceMs.length + load.retries;
  const broken = healthy && (unanswered > 0 || load.retries > 0);
  return {
    times: { service: load.serviceMs, fromPlan: load.fromPlanMs, scheduleError: load.scheduleErrorMs },
    figures: {
      ...figuresOf(batch, load.serviceMs.length, load.elapsedMs),
      unanswered,
      retries: load.retries,
      duplicates: effects.duplicates,
    },
    failures: broken
      ? [
          `on a link that breaks nothing, ${unanswered} requests failed (${errorsInWords(load.errors)}), ${load.retries} were retried`,
        ]
      : [],
    doubts:
      healthy && !broken && effects.requests !== sent
        ? [`the load sent ${sent} requests, the server got ${effects.requests}`]
        : [],
    remarks: latenessOf(load),
  };
}

/** Of autocannon: void unless proxy and server saw exactly what it says. */
export function takeOfSaturated(connections: number, batch: RequestBatch<SaturateLoad>): Take {
  const { load, proxy, effects } = batch;
  const doubt = (what: string, is: number, expected: number): string[] =>
    is === expected ? [] : [`${what}: ${is} instead of ${expected}`];
  return {
    times: { service: load.serviceMs },
    figures: { ...figuresOf(batch, load.serviceMs.length, load.elapsedMs), unanswered: load.errors },
    failures: [],
    doubts: [
      ...doubt('connections at the proxy', proxy.connections, connections),
      ...doubt('errors', load.errors, 0),
      ...doubt('requests at the server', effects.requests, load.serviceMs.length),
      ...doubt('requests that it says it sent', load.sent, load.serviceMs.length),
    ],
  };
}

export function latenessOf({ scheduleErrorMs, serviceMs }: PolicyLoad): string[] {
  if (scheduleErrorMs.length === 0 || serviceMs.length === 0) return [];
  const late = median(scheduleErrorMs);
  const share = late / median(serviceMs);
  if (late <= usualLatenessMs || share <= largestShareOfLateness) return [];
  return ['the generator was the limit in some rounds: see how late it was'];
}

/** Figures of any kind of load; bytes and processor time are for a request that was answered. */
export function figuresOf(
  { proxy, client, server }: Pick<RequestBatch<unknown>, 'proxy' | 'client'> & Partial<RequestBatch<unknown>>,
  answered: number,
  elapsedMs: number,
): Record<string, number> {
  const { connections, full, resumed, failed, strikes, bytesUp, bytesDown } = proxy;
  const each = (value: number): number => value / Math.max(1, answered);
  return {
    rate: answered / (elapsedMs / 1_000),
    connections,
    full,
    resumed,
    failed,
    strikes,
    bytes: each(bytesUp + bytesDown) / 1_024,
    clientCpu: each(client.cpuMs),
    clientMemory: client.rssBytes / mebibyte,
    // Unknown of a server that is not ours.
    ...(server ? { serverCpu: each(server.cpuMs), serverMemory: server.rssBytes / mebibyte } : {}),
  };
}
