/** What is measured on each way. The times of a measure are what its ways are compared by. */

import type { Destination } from '../../load/proxy/client.ts';
import type { RequestFigures } from '../../load/proxy/requests.ts';
import { residentBytes } from '../../processes/resident-bytes.ts';
import type { Take } from '../../rounds/summarize-row.ts';
import { quantile } from '../../statistics/order.ts';
import type { ProxyRig } from './rig.ts';
import type { ToxicBody, Way, WayName } from './ways.ts';

/** One thing to measure. */
export interface Measure {
  readonly name: string;
  readonly ways: readonly WayName[];
  /** The way that others are compared with, and the other; absent where there are no times. */
  readonly pair?: { readonly base: WayName; readonly other: WayName; readonly of: string };
  take(rig: ProxyRig, way: Way, name: WayName): Promise<Take>;
}

/** The unit of each figure. */
export const proxyUnits = Object.freeze({
  throughput: 'MB/s',
  rate: '1/s',
  connections: '1/s',
  memory: 'KiB',
  errorP99: 'ms',
});

const plainWays = ['direct', 'toxiproxy', 'haproxy', 'shaketable'] as const;
const withToxics = ['toxiproxy', 'shaketable'] as const;
const peers = { base: 'toxiproxy', other: 'shaketable' } as const;

const destination = (way: Way, server: string): Destination => ({ port: way.ports[server] ?? 0 });

const takeOf = (times: Take['times'], figures: Take['figures']): Take => ({
  times,
  figures,
  failures: [],
  doubts: [],
});

const bulk: Measure = {
  name: 'bulk',
  ways: plainWays,
  pair: { ...peers, of: 'megabyte' },
  take: async ({ load, quick }, way) => {
    const durationMs = quick ? 200 : 1_500;
    const bytesPerSecond = await load<number>({ kind: 'bulk', to: destination(way, 'sink'), durationMs });
    return throughputOf(bytesPerSecond);
  },
};

const requests = (connections: number): Measure => ({
  name: `requests-${connections}`,
  ways: plainWays,
  pair: { ...peers, of: 'trip' },
  take: async ({ load, quick }, way) => {
    const durationMs = quick ? 200 : 1_500;
    const to = destination(way, 'echo');
    const { trips, perSecond } = await load<RequestFigures>({
      kind: 'requests',
      to,
      connections,
      durationMs,
    });
    return takeOf({ trip: trips }, { rate: perSecond });
  },
});

const churn: Measure = {
  name: 'connections',
  ways: plainWays,
  pair: { ...peers, of: 'connection' },
  take: async ({ load, quick }, way) => {
    const count = quick ? 200 : 2_000;
    const perSecond = await load<number>({ kind: 'churn', to: destination(way, 'echo'), count });
    return takeOf({ connection: [1_000 / perSecond] }, { connections: perSecond });
  },
};

/** In a process of its own, since no runtime gives memory back at once. */
const memory: Measure = {
  name: 'memory',
  ways: ['toxiproxy', 'haproxy', 'shaketable'],
  async take({ load, quick, startAnother }, _way, name) {
    await using fresh = await startAnother(name);
    const to = destination(fresh, 'echo');
    const [warmUp, count] = quick ? [20, 200] : [100, 2_000];
    await load({ kind: 'hold', to, count: warmUp });
    const before = residentBytes(fresh.pid ?? 0);
    await load({ kind: 'hold', to, count });
    const after = residentBytes(fresh.pid ?? 0);
    await load({ kind: 'release' });
    return takeOf({}, { memory: (after - before) / count / 1_024 });
  },
};

const latency = (latencyMs: number): Measure => ({
  name: `latency-${latencyMs}`,
  ways: withToxics,
  pair: { ...peers, of: 'error' },
  async take({ load, quick }, way) {
    const toxic = { type: 'latency', stream: 'downstream', attributes: { latency: latencyMs } };
    const to = { port: await throughToxics(way, 'echo', [toxic]) };
    // Over a thousand of each: the 99th percentile is not to be a matter of a few.
    const connections = latencyMs < 100 ? 16 : 64;
    const samples = quick ? 5 : latencyMs < 10 ? 600 : 100 * (16 / connections);
    const errors = await load<number[]>({ kind: 'delays', to, latencyMs, connections, samples });
    return takeOf({ error: errors }, { errorP99: quantile(errors, 0.99) });
  },
});

/** A toxic that does nothing, on both ways. */
const noop: Measure = {
  name: 'noop',
  ways: withToxics,
  pair: { ...peers, of: 'megabyte' },
  async take({ load, quick }, way) {
    const toxics = ['upstream', 'downstream'].map((stream) => ({ type: 'noop', stream }));
    const durationMs = quick ? 200 : 1_500;
    const toSink = { port: await throughToxics(way, 'sink', toxics) };
    const toEcho = { port: await throughToxics(way, 'echo', toxics) };
    const bulk = throughputOf(await load<number>({ kind: 'bulk', to: toSink, durationMs }));
    const many = { kind: 'requests', to: toEcho, connections: 64, durationMs };
    const { perSecond } = await load<RequestFigures>(many);
    return takeOf(bulk.times, { ...bulk.figures, rate: perSecond });
  },
};

/** TLS through ours with taps, which read every handshake, and without. */
const taps: Measure = {
  name: 'taps',
  ways: ['taps off', 'taps on'],
  pair: { base: 'taps off', other: 'taps on', of: 'connection' },
  async take({ load, ca, quick }, way) {
    const count = quick ? 50 : 400;
    const durationMs = quick ? 200 : 1_500;
    const to = (server: string): Destination => ({ ...destination(way, server), ca });
    const perSecond = await load<number>({ kind: 'churn', to: to('tlsEcho'), count });
    const bulk = throughputOf(await load<number>({ kind: 'bulk', to: to('tlsSink'), durationMs }));
    return takeOf(
      { connection: [1_000 / perSecond], ...bulk.times },
      { connections: perSecond, ...bulk.figures },
    );
  },
};

const throughputOf = (bytesPerSecond: number): Take =>
  takeOf({ megabyte: [1e9 / bytesPerSecond] }, { throughput: bytesPerSecond / 1e6 });

function throughToxics(way: Way, server: string, toxics: readonly ToxicBody[]): Promise<number> {
  if (!way.through) throw new RangeError('Expected a way that has toxics');
  return way.through(server, toxics);
}

/** All of them, in the order taken. */
export const measures: readonly Measure[] = [
  bulk,
  requests(1),
  requests(64),
  churn,
  memory,
  ...[1, 20, 200].map(latency),
  noop,
  taps,
];
