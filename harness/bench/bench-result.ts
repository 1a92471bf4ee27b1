/**
 * What a benchmark leaves in `bench.json`, version 1. The text, `index.html` and `summary.md` are functions of it. Described in
 * docs/benchmarks.md, and for programs in `bench-schema.json` beside this file.
 */
import type { Claim, RunOutcome } from '../report/run-result.ts';
import type { Comparison } from './statistics/compare.ts';

/** The version of `bench.json` that this code reads and writes. */
export const benchVersion = 1;

export interface BenchResult {
  readonly version: typeof benchVersion;
  readonly id: string;
  readonly seed: number;
  /** Whether it was only a look: fewer and shorter rounds. */
  readonly quick: boolean;
  /** Wall-clock start, ISO 8601. */
  readonly startedAt: string;
  /** Wall-clock milliseconds. */
  readonly durationMs: number;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  /** URL of the server that was measured, without its query; absent for the lab's own. */
  readonly server?: string;
  /** `unexpected`: a row failed or something became slower. `inconclusive`: a row is void, or a comparison undecided. */
  readonly outcome: RunOutcome;
  readonly workloads: readonly WorkloadResult[];
  readonly baseline?: BaselineResult;
  /** The older version that was measured in the same rounds. */
  readonly against?: { readonly ref: string; readonly commit: string };
}

/** Where it was measured: figures of two machines have little to do with each other. */
export interface Machine {
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
}

export interface WorkloadResult {
  readonly name: string;
  readonly title: string;
  /** The command that does it again. */
  readonly replay: string;
  readonly durationMs: number;
  /** How many rounds each row rests on; 0 for a workload that has none. */
  readonly rounds: number;
  readonly tables: readonly Table[];
  /** Rows that differ in two things; absent where they do not. */
  readonly matrix?: Matrix;
  readonly rows: readonly Row[];
  readonly comparisons: readonly NamedComparison[];
  /** The same beside the same, in the same rounds: differences as small as its interval mean nothing here. */
  readonly control?: NamedComparison;
  readonly claims?: readonly Claim[];
  /** The rows of the older version, and those of this one beside them. */
  readonly older?: { readonly rows: readonly Row[]; readonly comparisons: readonly NamedComparison[] };
  /** What a reader has to know of how it was measured, a sentence each. */
  readonly notes: readonly string[];
}

/** What one row of figures is of. */
export interface Row {
  readonly id: string;
  /** `void`: the load's own counts contradict the proxy's, so that its figures mean nothing. */
  readonly status: 'measured' | 'failed' | 'void';
  /** Why it is not measured, or what to know of it, a sentence each. */
  readonly reasons: readonly string[];
  readonly times: Readonly<Record<string, Times>>;
  readonly figures: Readonly<Record<string, Figure>>;
}

/** How long something took, over all rounds. Milliseconds. */
export interface Times {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** Between these p99 lies with 95 % confidence; null where there are too few values to tell. */
  readonly p99Interval: readonly [number, number] | null;
  readonly p999: number;
  readonly max: number;
  /** The median of each round, which comparisons rest on. */
  readonly roundMedians: readonly number[];
  /** All values in microseconds: HdrHistogram, V2 compressed, base64. */
  readonly histogram: string;
}

/** A count or a rate: the median over the rounds. */
export interface Figure {
  readonly unit: string;
  readonly median: number;
  /** Median absolute deviation over the rounds. */
  readonly deviation: number;
  readonly rounds: readonly number[];
}

export interface NamedComparison extends Comparison {
  readonly id: string;
  readonly title: string;
  /** Ids of the rows. */
  readonly base: string;
  readonly other: string;
  /** What is compared: the name among `times` or `figures`. */
  readonly of: string;
  readonly threshold: number;
}

/** Which figures of the rows are shown side by side. */
export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  /** Rows by the beginning of their ids; absent for all. */
  readonly rows?: string;
}

/** Rows by two things in which they differ. The fastest of each column is marked; rows of one share a chart. */
export interface Matrix {
  readonly title: string;
  /** What lines differ by, as `policy`. */
  readonly lineTitle: string;
  /** The name among `times` that cells show. */
  readonly of: string;
  readonly cells: readonly {
    /** Id of the row. */
    readonly row: string;
    readonly line: string;
    readonly column: string;
  }[];
}

export interface Column {
  readonly title: string;
  /** The name among `times` or `figures`. */
  readonly of: string;
  /** Of times; absent for figures, of which the median is shown. */
  readonly take?: 'p50' | 'p90' | 'p99' | 'p999' | 'max' | 'count';
  readonly digits: number;
}

/** The rows of a saved file beside these, where both have them. */
export interface BaselineResult {
  readonly file: string;
  readonly id: string;
  readonly startedAt: string;
  readonly sameMachine: boolean;
  readonly comparisons: readonly NamedComparison[];
}
