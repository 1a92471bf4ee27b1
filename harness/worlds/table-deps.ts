/**
 * What a world and a table give each other: the world is handed the context of a table, and gives the deps of one, which is
 * all that worlds differ in.
 *
 *   agent ──► link ──► server ──► link ──► database        deps: links, services, databases
 *      └─ log ──┐  └─ events ──┐   └─ log ──┐
 *               └───────────────┴────────────┴──► journal
 */
import type { StartedProxy } from 'shaketable-proxy';
import type { Authority } from 'shaketable-proxy/certificates';
import type { Clock } from 'shaketable-proxy/clock';
import type { Random } from 'shaketable-proxy/random';
import type { FaultableLink } from '../faults/fault.ts';
import type { FaultReport, PlannedFault } from '../faults/planned-fault.ts';
import type { Entry } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { Diallers } from './diallers.ts';
import type { DatabaseSource } from './lab-database.ts';
import type { ServiceLog, ServiceProgram, StartedService } from './service.ts';
import type { LinkOptions, Table } from './table.ts';

/** Whose run a table is for. */
export interface TableOptions {
  readonly scenario: string;
  readonly subject: string;
  readonly seed: number;
  readonly pace: number;
  readonly faults: Readonly<Record<string, PlannedFault>>;
  /** Where the table's directory is copied to before it is removed, with the raw logs in it. @default nowhere */
  readonly keepDirectory?: string;
  /** A directory that is the caller's, and that the table makes its own in. @default the lab's root, where it is written down */
  readonly within?: string;
}

/** A table with what belongs to it; closing it ends the journal. */
export interface StartedTable {
  readonly table: Table;
  readonly journal: Journal;
  /** The HTTP API of the fault proxy that subjects' links go through. */
  readonly proxyUrl: string;
  /** The lab's own proxy server, where that alone makes the links. */
  readonly proxies: StartedProxy | undefined;
  /** Stops subjects while faults are still in force. */
  stopSubjects(): Promise<void>;
  /** Stops subjects, lifts faults, stops services, reads the logs to their end, and says how each fault fared. */
  close(): Promise<FaultReport[]>;
  /** How each fault has fared so far, for a table that cannot be closed any more. */
  abandon(): FaultReport[];
  /** @throws LabError when what the world stands on is no longer there, so that a run on it proves nothing */
  verify(): Promise<void>;
  /** Why this run proves nothing, in words; undefined where nothing speaks against it. */
  doubt(): string | undefined;
}

/** What a world may have in place of the machine's own. */
export interface WorldTime {
  /** What passes for real time. */
  readonly clock: Clock;
  /** How often logs are looked at, in milliseconds of that clock. */
  readonly logsEveryMs: number;
  /** Who issues certificates: libraries verify them at the machine's own time, whatever a world's clock says. */
  readonly authority: Authority;
}

/** What a world makes the deps of a table with. */
export interface TableContext {
  readonly scenario: string;
  readonly subject: string;
  readonly pace: number;
  /** The lab clock. */
  readonly clock: Clock;
  /** What passes for real time here: the lab clock runs `pace` times as fast. */
  readonly wallClock: Clock;
  /** Epoch milliseconds at which lab clock and wall clock read the same. */
  readonly epochMs: number;
  readonly random: Random;
  /** The authority of this run: what it issues, subjects trust. */
  readonly authority: Authority;
  readonly journal: Journal;
  readonly diallers: Diallers;
  /** How often logs are looked at, in milliseconds of the wall clock. @default 20 */
  readonly logsEveryMs?: number | undefined;
  /** A private directory that is removed after the run. */
  readonly directory: string;
  /** Takes what has to be given back at the very end. */
  readonly resources: AsyncDisposableStack;
}

/** What a world has of its server that scenarios would otherwise make themselves. */
export interface ServerCredentials {
  /** The authority that subjects have to trust. */
  readonly caPem: string;
  /** The token of an active client. */
  readonly token?: string;
}

/** What a table needs of its world: all that worlds differ in. */
export interface TableDeps {
  readonly credentials?: ServerCredentials;
  readonly databases: DatabaseSource;
  readonly proxyUrl: string;
  /** The lab's own proxy server, where that alone makes the links. */
  readonly proxies?: StartedProxy;
  link(
    name: string,
    upstream: { host: string; port: number },
    options: Required<LinkOptions>,
  ): Promise<FaultableLink>;
  service(name: string, program: ServiceProgram, log: ServiceLog): Promise<StartedService & AsyncDisposable>;
  /** The connection of a link behind what a server saw of it: the port of its peer, in a log record. */
  connectionBehind(link: string, record: Entry): number | undefined;
  /** Journals what is left to tell before the table is cleared. */
  conclude?(): Promise<void>;
  /** @throws LabError when what the world stands on is no longer there, so that a run on it proves nothing */
  verify?(): Promise<void>;
  /** Why this run proves nothing, in words; undefined where nothing speaks against it. */
  doubt?(): string | undefined;
  /** Why a program cannot be started as a process here, in words. */
  readonly noProcesses?: string;
}
