/** `proxy`: the fault proxy beside the real Toxiproxy, HAProxy as a plain TCP proxy, and the direct way. */
import type { Row, Table } from '../../bench-result.ts';
import { absentRow } from '../../rounds/absent-row.ts';
import { figureColumn, timeColumn } from '../../rounds/columns.ts';
import type { Pair } from '../../rounds/compare-rows.ts';
import { comparing, judgeRows } from '../../rounds/judge-rows.ts';
import { summarizeRow, type Take } from '../../rounds/summarize-row.ts';
import { takeRounds, type Variant } from '../../rounds/take-rounds.ts';
import type { BenchContext, Measured, Workload } from '../../workload.ts';
import { type Measure, measures, proxyUnits } from './measures.ts';
import { findPeers } from './peers.ts';
import { type ProxyRig, startProxyRig } from './rig.ts';

export const proxy: Workload = {
  name: 'proxy',
  title: 'the fault proxy beside Toxiproxy and HAProxy: throughput, requests, connections, memory, accuracy',
  seconds: { quick: 20, full: 480 },
  measures: measures.map(({ name }) => name),
  run,
};

const rounds = { quick: { fewest: 1, discard: 0 }, full: { fewest: 6, discard: 1 } } as const;
const control = { id: 'requests-1: direct', of: 'trip', again: 'control' } as const;

async function run(context: BenchContext): Promise<Measured> {
  const { quick, setUp, progress } = context;
  const peers = await findPeers({ setUp, announce: progress.note });
  await using rig = await startProxyRig(peers.ways, quick);
  const counts = rounds[quick ? 'quick' : 'full'];
  const compare = comparing(context);
  const chosen = measures.filter(({ name }) => context.measures?.includes(name) ?? true);
  const takes = new Map<string, Take[]>();
  // One measure after the other: what is compared is to have met the same minute.
  for (const [index, measure] of chosen.entries()) {
    const pairs = pairsOf(measure);
    const found = await takeRounds({
      ...context,
      ...counts,
      budgetMs: context.budgetMs / chosen.length,
      variants: variantsOf(rig, measure),
      enough: (so) =>
        compare(rowsOf(so), pairs).every(({ decision }) => decision !== 'undecided') &&
        context.isDecided(proxy.name, rowsOf(so)),
      onProgress: ({ done, of, variant }) => progress.step(index * of + done, chosen.length * of, variant),
    });
    for (const [id, all] of found) takes.set(id, all);
  }
  const judged = judgeRows(rowsOf(takes), control, chosen.flatMap(pairsOf), context);
  return {
    rounds: Math.min(...[...takes.values()].map(({ length }) => length)),
    tables: tables.filter(({ rows = '' }) => judged.rows.some(({ id }) => id.startsWith(rows))),
    ...judged,
    rows: [...judged.rows, ...[...peers.missing].map(([name, how]) => absentRow(name, how))],
    notes,
  };
}

const idOf = ({ name }: Measure, way: string): string => `${name}: ${way}`;

function variantsOf(rig: ProxyRig, measure: Measure): Variant<Take>[] {
  const variants = measure.ways.flatMap((name) => {
    const way = rig.ways.get(name);
    return way ? [{ id: idOf(measure, name), take: () => measure.take(rig, way, name) }] : [];
  });
  const again = variants.find(({ id }) => id === control.id);
  return again ? [...variants, { ...again, id: control.again }] : variants;
}

const pairsOf = (measure: Measure): Pair[] => {
  if (!measure.pair) return [];
  const { base, other, of } = measure.pair;
  return [
    {
      base: idOf(measure, base),
      other: idOf(measure, other),
      of,
      title: `${measure.name}: ${base} → ${other}`,
    },
  ];
};

const rowsOf = (takes: ReadonlyMap<string, readonly Take[]>): Row[] =>
  [...takes].map(([id, all]) => summarizeRow(id, all, proxyUnits));

const throughput = figureColumn('MB/s', 'throughput');
const rate = figureColumn('1/s', 'rate');

const tables: readonly Table[] = [
  { title: 'one connection that writes as much as it can', rows: 'bulk', columns: [throughput] },
  {
    title: '64 bytes there and back, on one connection and on 64: ms of a trip, trips/s',
    rows: 'requests',
    columns: [timeColumn('p50', 'trip', 'p50', 3), timeColumn('p99', 'trip', 'p99', 3), rate],
  },
  {
    title: 'connect, a byte there and back, close: connections/s',
    rows: 'connections',
    columns: [figureColumn('1/s', 'connections')],
  },
  { title: 'KiB of an idle connection', rows: 'memory', columns: [figureColumn('KiB', 'memory', 1)] },
  {
    title: 'ms by which an answer under a latency toxic is early or late',
    rows: 'latency',
    columns: [timeColumn('p50', 'error', 'p50', 2), timeColumn('p99', 'error', 'p99', 2)],
  },
  { title: 'through a toxic that does nothing, each way', rows: 'noop', columns: [throughput, rate] },
  {
    title: 'TLS through the library, with taps that read each handshake and without',
    rows: 'taps',
    columns: [figureColumn('1/s', 'connections'), throughput],
  },
];

const notes = [
  'Load and servers are a process each, the same for all; each way is a process of its own, with errors alone in its log. On loopback they share the cores, which is the same for all.',
  'direct shows what load and servers can do: where a proxy comes near it, the proxy is not what was measured.',
  'A measure is taken on each of its ways in turn, and its rounds are over before the next measure begins. Compared are ms of a megabyte, of a trip, of a connection, and by which latency is missed; what is late holds the trip itself, which is the same way for both.',
  'KiB: growth of the resident memory of a fresh process by 2,000 idle connections, after 100 to warm up.',
];
