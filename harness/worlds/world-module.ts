/**
 * What a world is to the lab: a folder in worlds/ whose index.ts exports a {@link WorldModule} called `world`.
 *
 *   main process      find ──► startShared ──► facts (JSON)
 *                                                │
 *   worker processes                             └──► startTable, for each subject of each scenario
 */
import type { LabError } from '../errors.ts';
import type { WorldName } from '../world-list.ts';
import type { ServiceImage } from './service.ts';
import type { StartedTable, TableOptions } from './table-deps.ts';

/** `fast` divides the reported intervals, `real` keeps them. */
export type Pace = 'fast' | 'real';

/** A world. `Facts` is what its tables need of what a run shares; JSON, since workers are processes of their own. */
export interface WorldModule<Facts = unknown> {
  readonly name: WorldName;
  /** Whether both subjects of a scenario are played at the same time, or one after the other. */
  readonly subjects: 'together' | 'in turn';
  /** The paces that can be asked for; the first is played when another is. */
  readonly paces: readonly [Pace, ...Pace[]];
  /** How many scenarios are played at a time on a machine with so many cores, when the user may say otherwise. */
  usualWorkers(cores: number): number;
  /** The most scenarios that can be played at a time. @default any number */
  readonly mostWorkers?: number;
  /** Finds what it stands on. @throws LabError when that cannot be had */
  find(request: WorldRequest): Promise<FoundWorld>;
  /** Finds it within moments, or says in words why not, for `--world auto`; left out by worlds that have to be asked for. */
  findAtOnce?(): Promise<FoundWorld | { readonly reason: string }>;
  /**
   * A module that each worker loads before all else, by its path without an ending: for worlds that change the process that scenarios
   * are played in.
   */
  readonly workerSetUp?: string;
  /** Starts the table of one subject. What was begun is given back when it cannot be started. */
  startTable(facts: Facts, options: TableOptions): Promise<StartedTable>;
  /** The flags of `shaketable run` that lead here again; empty for the world that every machine has. */
  replayFlags(facts: Facts): readonly string[];
}

/** What a user asked for. */
export interface WorldRequest {
  /** The file given with `--config`. */
  readonly configFile?: string | undefined;
}

/** A world that can be had. */
export interface FoundWorld {
  /** Why it can be had, in words; left out, the reasons against the worlds that were tried before it are told. */
  readonly why?: string;
  /** Starts what the scenarios of a run share. @throws LabError; nothing is left then */
  startShared(options: SharedOptions): Promise<SharedEnvironment>;
}

/** What a run gives to the environment that its scenarios share. */
export interface SharedOptions {
  readonly seed: number;
  /** `<pid>-<start>` of the main process. */
  readonly owner: string;
  /** May install what is missing. */
  readonly setUp: boolean;
  /** Images of the services that scenarios start, for worlds that run images. */
  services(): Promise<readonly ServiceImage[]>;
  readonly announce: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What the scenarios of a run share; disposal stops it. */
export interface SharedEnvironment extends AsyncDisposable {
  /** What tables are started with; JSON. */
  readonly facts: unknown;
  /** As the database says of itself, `mysql 9.7.4`; `none` as long as nobody has asked for it. */
  readonly database: string;
  /** Who makes faults on links beside the lab's own proxy: `name version`. */
  readonly proxy?: string;
  /** Why nothing that was played on it proves anything; undefined while nothing speaks against it. */
  trouble(): LabError | undefined;
}
