/** A benchmark from end to end: one workload after the other, and what they leave. */
import { mkdir } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from 'shaketable-proxy/random';
import { fileError } from '../errors.ts';
import { pointLatest } from '../report/latest-link.ts';
import type { RunOutcome } from '../report/run-result.ts';
import { writeWhole } from '../report/whole-file.ts';
import {
  type BaselineResult,
  type BenchResult,
  benchVersion,
  type Machine,
  type NamedComparison,
  type WorkloadResult,
} from './bench-result.ts';
import { isRestless } from './report/figures.ts';
import { writeBenchReports } from './report/write-bench.ts';
import { compareWithSaved } from './rounds/compare-rows.ts';
import type { BenchContext, Workload } from './workload.ts';

/** What to run, resolved. */
export interface BenchOptions
  extends Pick<
    BenchContext,
    | 'seed'
    | 'clock'
    | 'signal'
    | 'quick'
    | 'pace'
    | 'budgetMs'
    | 'threshold'
    | 'scenarios'
    | 'setUp'
    | 'older'
    | 'server'
    | 'fleet'
    | 'measures'
  > {
  readonly workloads: readonly Workload[];
  /** Directory of all reports; the benchmark gets its own in it. */
  readonly out: string;
  readonly versions: BenchResult['versions'];
  /** The server as reports name it, and the flags that measure it again. */
  readonly serverInWords?: { readonly shown: string; readonly flags: string };
  /** A saved benchmark and the file it is from. */
  readonly saved?: { readonly file: string; readonly bench: BenchResult };
  /** Told how each workload gets on. */
  progressOf(workload: Workload): BenchContext['progress'];
}

/** Runs the workloads. @throws LabError when one could not be measured; aborts with `signal.reason` */
export async function runBench(options: BenchOptions): Promise<{
  bench: BenchResult;
  directory: string;
  /** Sentences for the reader, such as that there is no link to the directory. */
  notes: string[];
}> {
  const { clock, seed, quick, workloads, versions } = options;
  const begun = clock.now();
  const startedAt = new Date(begun).toISOString();
  const id = `bench-${startedAt.slice(0, 19).replaceAll(':', '-')}-seed-${seed}`;
  const directory = join(options.out, id);
  await mkdir(directory, { recursive: true }).catch((cause: unknown) => {
    throw fileError(cause, directory);
  });
  const results: WorkloadResult[] = [];
  for (const workload of workloads) results.push(await runWorkload(workload, options, directory));
  const machine = thisMachine();
  const baseline = baselineOf(options, results, machine);
  const bench: BenchResult = {
    version: benchVersion,
    id,
    seed,
    quick,
    startedAt,
    durationMs: Math.round(clock.now() - begun),
    machine,
    versions,
    ...(options.serverInWords ? { server: options.serverInWords.shown } : {}),
    outcome: outcomeOf(results, baseline),
    workloads: results,
    ...(baseline ? { baseline } : {}),
    ...(options.older ? { against: { ref: options.older.ref, commit: options.older.commit } } : {}),
  };
  await writeWhole(join(directory, 'bench.json'), `${JSON.stringify(bench, null, 2)}\n`);
  await writeBenchReports(directory, bench);
  const notes = await pointLatest(join(options.out, 'latest-bench'), directory);
  return { bench, directory, notes };
}

async function runWorkload(
  workload: Workload,
  options: BenchOptions,
  directory: string,
): Promise<WorkloadResult> {
  const { clock, seed, quick, pace, budgetMs, threshold, signal, scenarios, setUp, older } = options;
  const { name, title } = workload;
  const random = seededRandom(seed).fork(`bench/${name}`);
  const begun = clock.now();
  const measured = await workload.run({
    random,
    seed,
    clock,
    signal,
    quick,
    pace,
    budgetMs,
    threshold,
    directory,
    scenarios,
    setUp,
    ...(older ? { older } : {}),
    ...(options.server ? { server: options.server } : {}),
    ...(options.fleet ? { fleet: options.fleet } : {}),
    ...(options.measures ? { measures: options.measures } : {}),
    isDecided: (name, rows) =>
      savedComparisons(options, name, rows).every(({ decision }) => decision !== 'undecided'),
    progress: options.progressOf(workload),
  });
  const against = older ? ` --against ${older.ref}` : '';
  const flags = `${quick ? ' --quick' : ''}${pace === 'real' ? ' --pace real' : ''}${against}`;
  const at = options.serverInWords ? ` ${options.serverInWords.flags}` : '';
  const size = name === 'fleet' ? fleetInFlags(options.fleet) : '';
  const only = workload.measures && options.measures ? ` --measures ${options.measures.join(',')}` : '';
  const replay = `shaketable bench ${name}${at}${size}${only} --seed ${seed}${flags}`;
  return { name, title, replay, durationMs: Math.round(clock.now() - begun), ...measured };
}

function fleetInFlags({ agents, steadyMs }: NonNullable<BenchContext['fleet']> = {}): string {
  const size = agents === undefined ? '' : ` --agents ${agents}`;
  return steadyMs === undefined ? size : `${size} --duration ${steadyMs / 1_000}`;
}

function savedComparisons(
  { saved, seed, threshold }: BenchOptions,
  name: string,
  rows: WorkloadResult['rows'],
): NamedComparison[] {
  const before = saved?.bench.workloads.find((workload) => workload.name === name);
  if (!before) return [];
  return compareWithSaved(before.rows, rows, { random: seededRandom(seed).fork(`saved/${name}`), threshold });
}

function baselineOf(
  options: BenchOptions,
  results: readonly WorkloadResult[],
  machine: Machine,
): BaselineResult | undefined {
  if (!options.saved) return undefined;
  const { file, bench } = options.saved;
  return {
    file,
    id: bench.id,
    startedAt: bench.startedAt,
    sameMachine: JSON.stringify(bench.machine) === JSON.stringify(machine),
    comparisons: results.flatMap(({ name, rows }) => savedComparisons(options, name, rows)),
  };
}

/** A failed row or a regression is unexpected; a void row, a restless control, or an undecided comparison proves nothing. */
export function outcomeOf(
  results: readonly Pick<WorkloadResult, 'rows' | 'control' | 'older'>[],
  baseline: Pick<BaselineResult, 'comparisons'> | undefined,
): RunOutcome {
  const older = results.flatMap((result) => (result.older ? [result.older] : []));
  const statuses = [...results, ...older].flatMap(({ rows }) => rows.map(({ status }) => status));
  const beside = [...older, ...(baseline ? [baseline] : [])];
  const decisions = beside.flatMap(({ comparisons }) => comparisons.map(({ decision }) => decision));
  if (statuses.includes('failed') || decisions.includes('regression')) return 'unexpected';
  const restless = results.some(({ control }) => isRestless(control));
  const nothingToCompare = beside.length > 0 && decisions.length === 0;
  const doubtful =
    statuses.includes('void') || restless || nothingToCompare || decisions.includes('undecided');
  return doubtful ? 'inconclusive' : 'expected';
}

function thisMachine(): Machine {
  const processors = cpus();
  return {
    platform: `${process.platform} ${process.arch}`,
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
  };
}
