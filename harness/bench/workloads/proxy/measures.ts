/** What is measured on each subject, one value (or a few) a round. */
import { residentBytes } from '../../test/stress/resources.ts';
import type { Helper } from './helper.ts';
import type { Destination } from './load/client.ts';
import type { RequestFigures } from './load/requests.ts';
import { quantile } from './statistics.ts';
import type { Subject, SubjectName } from './subjects.ts';

/** What a measure is taken with. */
export interface Bench {
  readonly load: Helper;
  /** Started for the whole run. */
  readonly subjects: ReadonlyMap<SubjectName, Subject>;
  /** Starts another of the same kind, for what only a fresh process shows. */
  startAnother(name: SubjectName): Promise<Subject>;
  /** What clients of TLS trust. */
  readonly ca: string;
  /** Less of everything, to see that it works. */
  readonly quick: boolean;
}

/** Figures of one subject in one round, by name. */
export type Figures = Readonly<Record<string, number>>;

/** One thing to measure. */
export interface Measure {
  readonly name: string;
  /** Of its figures, by their name, for people. */
  readonly units: Readonly<Record<string, string>>;
  readonly subjects: readonly SubjectName[];
  take(bench: Bench, subject: Subject, name: SubjectName): Promise<Figures>;
}

const plainWays = ['direct', 'toxiproxy', 'haproxy', 'shaketable'] as const;
const withToxics = ['toxiproxy', 'shaketable'] as const;
const ours = ['taps off', 'taps on'] as const;

const port = (subject: Subject, server: string): Destination => ({ port: subject.ports[server] ?? 0 });
const secure = (subject: Subject, server: string, ca: string): Destination => ({
  ...port(subject, server),
  ca,
});

const bulk: Measure = {
  name: 'bulk',
  units: { throughput: 'MB/s' },
  subjects: plainWays,
  take: async ({ load, quick }, subject) => {
    const durationMs = quick ? 300 : 2_000;
    const bytes = await load.run<number>({ kind: 'bulk', to: port(subject, 'sink'), durationMs });
    return { throughput: bytes / 1e6 };
  },
};

const requests = (connections: number): Measure => ({
  name: `requests-${connections}`,
  units: { trip: 'µs', rate: '1/s' },
  subjects: plainWays,
  take: async ({ load, quick }, subject) => {
    const durationMs = quick ? 300 : 2_000;
    const to = port(subject, 'echo');
    const { p50, perSecond } = await load.run<RequestFigures>({
      kind: 'requests',
      to,
      connections,
      durationMs,
    });
    return { trip: p50 * 1_000, rate: perSecond };
  },
});

const churn: Measure = {
  name: 'connections',
  units: { rate: '1/s' },
  subjects: plainWays,
  take: async ({ load, quick }, subject) => ({
    rate: await load.run<number>({ kind: 'churn', to: port(subject, 'echo'), count: quick ? 200 : 2_000 }),
  }),
};

/** In a process of its own, since no runtime gives memory back at once. */
const memory: Measure = {
  name: 'memory',
  units: { idle: 'KiB' },
  subjects: ['toxiproxy', 'haproxy', 'shaketable'],
  async take({ load, quick, startAnother }, _subject, name) {
    await using fresh = await startAnother(name);
    const to = port(fresh, 'echo');
    const [warmUp, count] = quick ? [20, 200] : [100, 2_000];
    await load.run({ kind: 'hold', to, count: warmUp });
    const before = residentBytes(fresh.pid ?? 0);
    await load.run({ kind: 'hold', to, count });
    const after = residentBytes(fresh.pid ?? 0);
    await load.run({ kind: 'release' });
    return { idle: (after - before) / count / 1_024 };
  },
};

const latency = (latencyMs: number): Measure => ({
  name: `latency-${latencyMs}`,
  units: { p50: 'ms', p99: 'ms' },
  subjects: withToxics,
  async take({ load, quick }, subject) {
    const toxic = { type: 'latency', stream: 'downstream', attributes: { latency: latencyMs } };
    const to = { port: await throughToxics(subject, 'echo', [toxic]) };
    // Over a thousand of each: the 99th percentile is not to be a matter of a few.
    const connections = latencyMs < 100 ? 16 : 64;
    const samples = quick ? 5 : latencyMs < 10 ? 600 : 100 * (16 / connections);
    const errors = await load.run<number[]>({ kind: 'delays', to, latencyMs, connections, samples });
    return { p50: quantile(errors, 0.5), p99: quantile(errors, 0.99) };
  },
});

/** TLS through ours with taps, which read every handshake, and without. */
const taps: Measure = {
  name: 'taps',
  units: { handshakes: '1/s', throughput: 'MB/s' },
  subjects: ours,
  async take({ load, ca, quick }, subject) {
    const count = quick ? 50 : 400;
    const durationMs = quick ? 300 : 1_500;
    const handshakes = await load.run<number>({ kind: 'churn', to: secure(subject, 'tlsEcho', ca), count });
    const bytes = await load.run<number>({ kind: 'bulk', to: secure(subject, 'tlsSink', ca), durationMs });
    return { handshakes, throughput: bytes / 1e6 };
  },
};

/** A toxic that does nothing, on both ways. */
const noop: Measure = {
  name: 'noop',
  units: { throughput: 'MB/s', rate: '1/s' },
  subjects: withToxics,
  async take({ load, quick }, subject) {
    const toxics = ['upstream', 'downstream'].map((stream) => ({ type: 'noop', stream }));
    const durationMs = quick ? 300 : 1_500;
    const toSink = { port: await throughToxics(subject, 'sink', toxics) };
    const toEcho = { port: await throughToxics(subject, 'echo', toxics) };
    const bytes = await load.run<number>({ kind: 'bulk', to: toSink, durationMs });
    const many = { kind: 'requests', to: toEcho, connections: 64, durationMs };
    const { perSecond } = await load.run<RequestFigures>(many);
    return { throughput: bytes / 1e6, rate: perSecond };
  },
};

function throughToxics(
  subject: Subject,
  server: string,
  toxics: Parameters<NonNullable<Subject['through']>>[1],
) {
  if (!subject.through) throw new Error('Expected a subject that has toxics');
  return subject.through(server, toxics);
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
