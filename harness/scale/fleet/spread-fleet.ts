/**
 * A fleet over the workers of an engine: a slice for each slot, all of them beginning at one moment, and one report with a row for each
 * slice. A slice that is lost is a gap: what it would have told is not made up.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from 'shaketable-proxy/clock';
import type { Figure, Row, Times } from '../../bench/bench-result.ts';
import { figureColumn, timeColumn } from '../../bench/rounds/columns.ts';
import type { BenchContext, Measured, Workload } from '../../bench/workload.ts';
import { fleetAmount } from '../../bench/workloads/fleet/amount.ts';
import { LabError } from '../../errors.ts';
import type { Engine } from '../../queue/engine.ts';
import { measureClocks } from '../clocks/measure-clocks.ts';
import { fetchFiles } from '../coordinator/fetch-files.ts';
import { type PlayedUnits, playUnits } from '../coordinator/play-units.ts';
import { type FleetUnit, type Slice, sliceFile } from '../kinds/fleet.ts';
import { unitOf } from '../unit.ts';
import type { WorkerStatus } from '../worker/messages.ts';
import { createBarrier } from './barrier.ts';
import { addUp, toTimes } from './encoded-times.ts';
import { mergeSlices } from './merge-slices.ts';

interface SpreadOptions {
  readonly engine: Engine;
  readonly code: Readonly<Record<string, string>>;
  /** How many slices; a slot plays one. */
  readonly slices: number;
  readonly note: (line: string) => void;
}

const leaseMs = 5_000;
const intervalMs = 1_000;

/** So late a timer of its agents may be at the 99th percentile, ms, and so much of a core they may take, before a machine is its own limit. */
const lateLimitMs = 50;
const cpuLimit = 0.9;

export function spreadFleet(options: SpreadOptions): Workload {
  return {
    name: 'fleet',
    title: `live agents in ${options.slices} slices on workers: how many there are, how late they are, and where the limit lies`,
    seconds: { quick: 20, full: 90 },
    run: (context) => runSlices(options, context),
  };
}

async function runSlices(options: SpreadOptions, context: BenchContext): Promise<Measured> {
  const { engine, code, slices, note } = options;
  const { clock, seed, quick, signal, directory, progress } = context;
  const { agents, steadyMs } = fleetAmount(context);
  const run = `fleet-${process.pid}-${Math.round(clock.now())}`;
  const units = Array.from({ length: slices }, (_, slice) => {
    const payload: FleetUnit = { slice, agents: shareOf(agents, slices, slice), steadyMs, quick, seed };
    return unitOf('fleet', code, payload);
  });
  await engine.open({ run, kind: 'fleet', code, leaseMs, mostAttempts: 1 });
  const barrier = createBarrier({ engine, run, slices, agents, clock, signal, note });
  try {
    const [played] = await Promise.all([
      playUnits({
        engine,
        run,
        units,
        clock,
        signal: AbortSignal.any([signal, barrier.failed]),
        note,
        onSaid(said, _unit, worker) {
          barrier.heard(said, worker);
          const { online, ready } = barrier.state();
          progress.step(
            online,
            agents * 2,
            `${online} of ${agents} agents online, ${ready} of ${slices} slices ready`,
          );
        },
      }),
      barrier.open(() => measureClocks(engine, run, clock, signal)),
    ]);
    const found = await fetchSlices(engine, run, played, join(directory, 'slices'));
    return measured(found, played, { slices, agents, steadyMs, bounds: barrier.bounds() });
  } finally {
    barrier[Symbol.dispose]();
    await engine.remove(run);
  }
}

/** As equal as whole agents can be. */
const shareOf = (agents: number, slices: number, slice: number): number =>
  Math.floor(agents / slices) + (slice < agents % slices ? 1 : 0);

async function fetchSlices(
  engine: Engine,
  run: string,
  { results }: PlayedUnits,
  directory: string,
): Promise<Map<Slice, string>> {
  const found = new Map<Slice, string>();
  for (const { outcome, unit, worker } of results) {
    if (outcome.kind !== 'done') continue;
    const own = join(directory, unit.id);
    await mkdir(own, { recursive: true });
    await fetchFiles(own, outcome.files, (blob) => engine.getBlob(run, blob), /^slice\.json$/);
    found.set(JSON.parse(await readFile(join(own, sliceFile), 'utf8')) as Slice, worker);
  }
  return found;
}

interface Spread {
  readonly slices: number;
  readonly agents: number;
  readonly steadyMs: number;
  /** How sure each worker's clock was known at the start, ms. */
  readonly bounds: ReadonlyMap<string, number>;
}

function measured(found: ReadonlyMap<Slice, string>, played: PlayedUnits, spread: Spread): Measured {
  const { slices, agents, steadyMs, bounds } = spread;
  const all = [...found.keys()].toSorted((a, b) => a.slice - b.slice);
  const seconds = Math.ceil(steadyMs / intervalMs);
  const { report, late, open, gaps } = mergeSlices(all, slices, seconds);
  const lost = played.results.flatMap(({ outcome, failures }, slice) =>
    outcome.kind === 'aside' ? [`slice ${slice} is a gap: ${[outcome.reason, ...failures].join('; ')}`] : [],
  );
  const holes = gaps.map((gap) => `slice ${gap.slice}: ${gap.intervals} of ${gap.of} seconds are missing`);
  const rows = all.map((slice) => sliceRow(slice, found.get(slice) ?? '', played.workers, bounds));
  const online = all.reduce((sum, slice) => sum + slice.agents, 0);
  const short = online < agents ? [`${online} of ${agents} agents were online`] : [];
  const failures = all.flatMap((slice) =>
    slice.failures === '' ? [] : [`slice ${slice.slice}: ${slice.failures}`],
  );
  const fleet: Row = {
    id: 'fleet',
    status: lost.length + holes.length > 0 ? 'void' : short.length > 0 ? 'failed' : 'measured',
    reasons: [...lost, ...holes, ...short, ...failures],
    times: present({ open: toTimes(open), report: toTimes(report), late: toTimes(late) }),
    figures: {
      agents: figure('agents', online),
      messages: figure('messages/s', messagesPerSecond(all)),
      ...sumsOf(all),
    },
  };
  return {
    rounds: 1,
    tables: [
      {
        title:
          'agents online and messages/s; ms of a report, and how late timers were; % of a core; ms after the plan',
        columns: [
          figureColumn('agents', 'agents'),
          figureColumn('msg/s', 'messages'),
          timeColumn('p50', 'report', 'p50'),
          timeColumn('p99', 'report', 'p99'),
          timeColumn('late99', 'late', 'p99'),
          figureColumn('cpu A', 'cpuAgents', 1),
          figureColumn('cpu S', 'cpuServer', 1),
          figureColumn('sched', 'scheduleError', 1),
        ],
      },
    ],
    rows: [fleet, ...rows],
    comparisons: [],
    notes: [
      `Each slice has its agents in one process and its server in another, on the machine of its worker; nothing else is contacted. All begin at one moment of this machine's clock and live for ${steadyMs / 1_000} s.`,
      'Histograms of the slices are added up without loss. A row that is its own limit says so: its figures are those of that machine, not of the fleet.',
      limitInWords(rows),
    ],
  };
}

function sliceRow(
  slice: Slice,
  worker: string,
  workers: readonly WorkerStatus[],
  bounds: ReadonlyMap<string, number>,
): Row {
  const late = addUp(slice.intervals.map((each) => each.late));
  const { cpuAgents, cpuServer } = sumsOf([slice]);
  const scheduleError = Math.max(0, ...slice.intervals.map(({ lateMs }) => lateMs));
  const status = workers.find((each) => each.worker === worker);
  const machine = status
    ? `${status.host}, ${status.cores} × ${status.cpu}, load ${status.load.toFixed(1)}`
    : '';
  const lateMs = toTimes(late)?.p99 ?? 0;
  const bound = bounds.get(worker);
  return {
    id: `slice ${slice.slice} on ${worker}`,
    status: slice.agents < slice.wanted ? 'failed' : 'measured',
    reasons: [
      ...(machine === '' ? [] : [machine]),
      ...(bound === undefined ? [] : [`its clock was known to ± ${bound.toFixed(2)} ms`]),
      ...ownLimits(lateMs, cpuAgents?.median ?? 0, cpuServer?.median ?? 0),
      ...(slice.agents < slice.wanted ? [`${slice.agents} of ${slice.wanted} agents came online`] : []),
    ],
    times: present({
      open: toTimes(addUp([slice.open])),
      report: toTimes(addUp(slice.intervals.map((each) => each.report))),
      late: toTimes(late),
    }),
    figures: {
      agents: figure('agents', slice.agents),
      messages: figure('messages/s', messagesPerSecond([slice])),
      ...sumsOf([slice]),
      scheduleError: figure('ms', scheduleError),
    },
  };
}

/** Why a machine measured itself, a sentence each. */
function ownLimits(lateMs: number, cpuAgents: number, cpuServer: number): string[] {
  const own = 'the machine was its own limit: ';
  return [
    ...(lateMs > lateLimitMs
      ? [`${own}timers of its agents were ${lateMs.toFixed(0)} ms late at the 99th percentile`]
      : []),
    ...(cpuAgents > cpuLimit * 100 ? [`${own}its agents took ${cpuAgents.toFixed(0)} % of a core`] : []),
    ...(cpuServer > cpuLimit * 100 ? [`${own}its server took ${cpuServer.toFixed(0)} % of a core`] : []),
  ];
}

function limitInWords(rows: readonly Row[]): string {
  const limited = rows.filter(({ reasons }) => reasons.some((reason) => reason.includes('its own limit')));
  if (limited.length === 0) return 'No machine was its own limit: there is room for more agents.';
  return `The limit lies in ${limited.map(({ id }) => id).join(', ')}; the rows say why.`;
}

/** Processor time of all slices, in % of a core, over the time that they lived. */
function sumsOf(slices: readonly Slice[]): Record<'cpuAgents' | 'cpuServer', Figure> {
  const share = (of: 'agentsCpuMs' | 'serverCpuMs'): number =>
    slices.reduce((sum, { intervals }) => {
      const spent = intervals.reduce((ms, each) => ms + each[of], 0);
      return sum + (spent / Math.max(1, elapsedOf(intervals))) * 100;
    }, 0);
  return {
    cpuAgents: figure('% of a core', share('agentsCpuMs')),
    cpuServer: figure('% of a core', share('serverCpuMs')),
  };
}

const messagesPerSecond = (slices: readonly Slice[]): number =>
  slices.reduce((sum, { intervals }) => {
    const messages = intervals.reduce((count, each) => count + each.messages, 0);
    return sum + messages / Math.max(0.001, elapsedOf(intervals) / 1_000);
  }, 0);

const elapsedOf = (intervals: Slice['intervals']): number =>
  intervals.reduce((ms, { elapsedMs }) => ms + elapsedMs, 0);

const figure = (unit: string, value: number): Figure => ({
  unit,
  median: value,
  deviation: 0,
  rounds: [value],
});

function present(times: Readonly<Record<string, Times | undefined>>): Record<string, Times> {
  return Object.fromEntries(Object.entries(times).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** How many slots the workers have that answer within so long; a slice each. @throws LabError `LAB_NO_WORKER` */
export async function countSlots(
  engine: Engine,
  code: Readonly<Record<string, string>>,
  clock: Clock,
): Promise<number> {
  const run = `slots-${process.pid}-${Math.round(clock.now())}`;
  await engine.open({ run, kind: 'draw', code, leaseMs });
  const slots = new Map<string, number>();
  const over = new AbortController();
  try {
    const listening = (async () => {
      for await (const message of engine.listen(run, over.signal)) {
        const status = message.status as unknown as WorkerStatus | undefined;
        if (status && status.refuses === undefined) slots.set(status.worker, status.slots);
      }
    })();
    listening.catch(() => undefined);
    await clock.sleep(countMs);
  } finally {
    over.abort();
    await engine.remove(run);
  }
  const all = [...slots.values()].reduce((sum, each) => sum + each, 0);
  if (all > 0) return all;
  throw new LabError('LAB_NO_WORKER', `No worker that may play answers at ${engine.address}`, {
    hint: 'Start one with `shaketable worker --on URL`; `shaketable doctor --on URL` says more.',
  });
}

/** Workers tell of themselves once a second. */
const countMs = 3_000;
