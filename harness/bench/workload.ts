/** What a workload is: one kind of work, measured in variants. One folder or file a workload. */
import type { Clock } from 'shaketable-proxy/clock';
import type { Random } from 'shaketable-proxy/random';
import type { Progress } from '../report/terminal/progress.ts';
import type { WorkloadResult } from './bench-result.ts';
import type { OlderVersion } from './older/version.ts';
import type { Take } from './rounds/summarize-row.ts';
import type { Variant } from './rounds/take-rounds.ts';

/** What a workload is given. */
export interface BenchContext {
  readonly random: Random;
  readonly seed: number;
  readonly clock: Clock;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Only a look: whether it works, no figures to keep. */
  readonly quick: boolean;
  readonly pace: 'fast' | 'real';
  /** How long rounds may go on while a comparison is undecided, ms. */
  readonly budgetMs: number;
  /** The ratio beyond which a difference counts. */
  readonly threshold: number;
  /** Whether it is decided what a saved file says of these rows; always true without one. */
  isDecided(workload: string, rows: WorkloadResult['rows']): boolean;
  /** A version whose variants are taken in the same rounds. */
  readonly older?: OlderVersion;
  /** Directory of the benchmark, for what a workload leaves there. */
  readonly directory: string;
  /** Scenarios that measure figures of the reports; `long` ones take minutes at any pace. */
  readonly scenarios: readonly { readonly file: string; readonly long: boolean }[];
  /** For `fleet`: another number of agents, and how long they live undisturbed, ms. */
  readonly fleet?: { readonly agents?: number; readonly steadyMs?: number };
  /** Of a workload that has several, those to take; all without it. */
  readonly measures?: readonly string[];
  /** May install what is missing, such as a database server. */
  readonly setUp: boolean;
  /** For workloads that measure a server of the user's. */
  readonly server?: ServerUnderTest;
  readonly progress: Progress;
}

/** A server that is not ours, and how much may be asked of it. */
export interface ServerUnderTest {
  readonly url: string;
  /** The authority to trust, PEM; without one, those that Node knows. */
  readonly ca?: string | undefined;
  /** Requests, or connections, that begin in a second at most. */
  readonly maxPerSecond: number;
  /** So long requests are sent at most, ms; of each workload. */
  readonly maxMs: number;
  /** So long an answer is waited for. @default 10000 */
  readonly timeoutMs?: number;
}

/** What a workload gives back; name, replay and duration are added to it. */
export type Measured = Omit<WorkloadResult, 'name' | 'title' | 'replay' | 'durationMs'>;

export interface Workload {
  readonly name: string;
  /** What it measures, in one line. */
  readonly title: string;
  /** About how long it takes, s. */
  readonly seconds: { readonly quick: number; readonly full: number };
  /** What it measures one after the other, by names that can be chosen among; left out where there is no choice. */
  readonly measures?: readonly string[];
  /** Starts its variants, to be taken one by one; left out by workloads that are not measured in rounds. */
  readonly open?: (options: OpenOptions) => Promise<OpenVariants>;
  /** @throws LabError when it could not be measured; rejects with `signal.reason` when aborted. */
  run(context: BenchContext): Promise<Measured>;
}

/** What the variants of a workload depend on. */
export interface OpenOptions {
  readonly seed: number;
  readonly quick: boolean;
}

/** Variants that can be taken as often as one likes, until what they share is given back. */
export interface OpenVariants extends AsyncDisposable {
  readonly variants: readonly Variant<Take>[];
}
