/** From what load, proxy and server saw to one round of a row. */
import { told } from '../../load/websocket/send-many.ts';
import type { Take } from '../../rounds/summarize-row.ts';
import type { FaultBatch, SendBatch } from './rig.ts';

/** The unit of each figure. */
export const websocketUnits = Object.freeze({
  rate: 'messages/s',
  sends: 'messages',
  silent: 'messages',
  failures: 'messages',
  arrived: 'messages',
  connections: 'connections',
  strikes: 'strikes',
  watched: 'connections',
  unfailed: 'connections',
  unnoticed: 'connections',
});

/** What was said of sends, beside what the server had. */
export interface SendOutcomes {
  /** Said to have succeeded, or nothing was said, and the server never had them. */
  readonly silent: number;
  /** Said to have failed. */
  readonly failures: number;
  /** Said to have failed, and the server had them all the same. */
  readonly arrived: number;
  /** Numbers at the server that were never sent, or came more than once. */
  readonly impossible: number;
}

/** By the number of each message. */
export function compareSends(outcomes: Uint8Array, ids: Uint32Array): SendOutcomes {
  const had = new Set(ids);
  const numbers = [...outcomes.keys()];
  const failed = numbers.filter((id) => outcomes[id] === told.failure);
  return {
    silent: numbers.filter((id) => outcomes[id] !== told.failure && !had.has(id)).length,
    failures: failed.length,
    arrived: failed.filter((id) => had.has(id)).length,
    impossible: ids.length - had.size + [...had].filter((id) => id >= outcomes.length).length,
  };
}

/** `healthy`: nothing was to break, so that nothing may be lost, and all three count the same bytes. */
export function takeOfSends(healthy: boolean, { load, proxy, server }: SendBatch): Take {
  const { silent, failures, arrived, impossible } = compareSends(load.told, server.ids);
  const sends = load.told.length;
  const broken = healthy && silent + failures > 0;
  const strikes = healthy ? {} : { strikes: proxy.strikes };
  const { connections } = load;
  return {
    times: healthy ? { thousand: [(load.elapsedMs / sends) * 1_000] } : {},
    figures: {
      ...(healthy ? { rate: sends / (load.elapsedMs / 1_000) } : {}),
      ...{ sends, silent, failures, arrived, connections, ...strikes },
    },
    failures: broken
      ? [`on a link that breaks nothing, ${silent} messages were lost in silence, ${failures} sends failed`]
      : [],
    doubts: [
      ...(impossible + server.strays > 0
        ? [`the server had ${impossible + server.strays} messages that were never sent, or sent once`]
        : []),
      ...disagreement('connections', connections, proxy.connections, server.connections),
      ...(healthy ? disagreement('bytes', load.bytesWritten, proxy.bytesUp, server.bytesRead) : []),
      ...(!healthy && proxy.strikes === 0 ? ['the fault struck nothing'] : []),
    ],
  };
}

function disagreement(what: string, load: number, proxy: number, server: number): string[] {
  if (load === proxy && proxy === server) return [];
  return [`the load counted ${load} ${what}, the proxy ${proxy}, the server ${server}`];
}

/** What two readings of clocks are apart. */
const clockErrorMs = 0.1;
/** No time at all, which has no ratio to another one. */
const shortestMs = 0.01;

/** Times from the fault on; what did not happen within the watch is counted. */
export function takeOfFaults({ watched, struckAt }: FaultBatch, watchMs: number): Take {
  const since = (port: number, at: number | undefined): number[] => {
    const struck = struckAt.get(port);
    return at === undefined || struck === undefined ? [] : [at - struck];
  };
  const failure = watched.flatMap(({ port, failedAt }) => since(port, failedAt));
  const notice = watched.flatMap(({ port, noticedAt }) => since(port, noticedAt));
  const early = [...failure, ...notice].filter((ms) => ms < -clockErrorMs).length;
  const unstruck = watched.filter(({ port }) => !struckAt.has(port)).length;
  const unfailed = watched.filter(({ failedAt }) => failedAt === undefined).length;
  const unnoticed = watched.filter(({ noticedAt }) => noticedAt === undefined).length;
  const within = (what: string, count: number): string[] =>
    count === watched.length ? [`${what} within ${watchMs / 1_000} s`] : [];
  return {
    times: {
      failure: failure.map((ms) => Math.max(shortestMs, ms)),
      notice: notice.map((ms) => Math.max(shortestMs, ms)),
    },
    figures: { watched: watched.length, unfailed, unnoticed },
    failures: early > 0 ? [`${early} ends or failures came before the fault`] : [],
    doubts: unstruck > 0 ? [`the fault did not strike ${unstruck} of ${watched.length} connections`] : [],
    remarks: [...within('no send failed', unfailed), ...within('nothing was noticed', unnoticed)],
  };
}
