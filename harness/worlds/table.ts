/**
 * The table: what a scenario gets to put a subject on. It belongs to one subject's run and hands out everything a scenario
 * may need: time, chance, links, a database, certificates, and the journal that all of it ends up in.
 */

import type { Authority } from 'shaketable-proxy/certificates';
import type { Clock } from 'shaketable-proxy/clock';
import type { Random } from 'shaketable-proxy/random';
import type { AttachedDatabase, StartedDatabase } from '../databases/index.ts';
import type { Entry, EntryKind, FactsOf, JsonObject } from '../journal/entry.ts';
import type { SourceOf } from '../journal/kinds.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { Reserved } from '../journal/refuse.ts';
import type { LogFormat } from '../logs/own-format.ts';
import type { ProcessOptions, StartedProcess } from '../subjects/process.ts';
import type { WorldName } from '../world-list.ts';
import type { Link } from './link.ts';
import type { Dial } from './names.ts';
import type { ServiceProgram, StartedService } from './service.ts';

/** A database server with a schema of the run's own in it. */
export interface LabDatabase {
  readonly server: AttachedDatabase | StartedDatabase;
  readonly schema: { readonly database: string; readonly user: string; readonly password: string };
  /** The schema is somebody's: it was there before the run, keeps what the run wrote, and has what earlier runs wrote. */
  readonly keepsRows: boolean;
}

/** Who is at the near end of a link. */
export interface LinkOptions {
  /** `subject`: a program in the lab's process or beside it; `service`: one that `table.service` starts. Default `subject`. */
  readonly client?: 'subject' | 'service';
  /**
   * The link answers TLS itself, with a certificate of the table's authority, so that toxics see the HTTP or WebSocket
   * inside; it verifies the server by the same authority. Default false: TLS passes as it is.
   */
  readonly tls?: boolean;
}

/** How a log is read. */
export interface FollowOptions {
  /**
   * Whose clock stamps the records. A program of its own has the wall clock, whose times are turned into lab time. Left out, a
   * number under `time` is lab time, and any other record is of the time at which it was seen.
   */
  readonly clock?: 'lab' | 'wall';
  /** The format, by its name in docs/log-formats.md or by a regular expression. @default the one that reads the most lines */
  readonly format?: LogFormat;
}

/** What a note says; the fields that every entry has of its own are not the scenario's to give. */
export type NoteFields = JsonObject & { readonly [Name in Reserved | 'name']?: never };

export interface Table {
  /** The scenario's id. */
  readonly scenario: string;
  /** Who is on the table, as `naive` or `hardened`. */
  readonly subject: string;
  readonly world: WorldName;
  readonly seed: number;
  /** How many lab milliseconds pass in a real one. */
  readonly pace: number;
  /** The lab clock: every duration on it is the reported one. */
  readonly clock: Clock;
  readonly random: Random;
  /** A private directory that is removed after the run; logs go there. */
  readonly directory: string;
  /** The authority that subjects may trust. */
  readonly authority: Authority;
  /** The token of an active client, where the world has one. */
  readonly token?: string;
  /**
   * The way out for subjects inside the lab's process: names of `*.shaketable.test` resolve to loopback. With `as`, connections are
   * counted and drawn for by who dials: several on one link meet the same faults whatever order the machine brings them in.
   */
  readonly dial: Dial;

  /** The run's database: shared by all runs, a schema for each; `own` starts a server for this run alone. */
  database(options?: { own?: boolean; settings?: Record<string, string> }): Promise<LabDatabase>;
  /** Makes a named link; faults that hold from its start are in force when this resolves. */
  link(name: string, upstream: { host: string; port: number }, options?: LinkOptions): Promise<Link>;
  /** Starts a service the way this world does, with its log in the journal as `server.log`; it is stopped with the table. */
  service(name: string, program: ServiceProgram): Promise<StartedService>;
  /**
   * Puts every record of a log into the journal, as `<source>.log`, with its level; which format the log had is an entry
   * `log.format` at the end of the run.
   * @throws LabError `LAB_BAD_INPUT` for a format that cannot be used
   */
  follow(source: 'agent' | 'server', path: string, options?: FollowOptions): void;
  /**
   * Asks the run's database again and again; every result is an entry `database.rows` with `query: name` and `rows`, an
   * outage one with `error`. In the SQL, `{schema}` is the run's schema and `:now` the lab clock's time, as `DATETIME(3)` in UTC.
   */
  poll(name: string, sql: string, everyMs: number): void;
  /**
   * Starts a program of the subject's as a process of its own; it is stopped with the table. Its end is an entry
   * `process.exit` with `process: name`, `code`, `signal` and `ranMs`. Each line that it prints is an entry `process.output`; a log
   * goes to a file (`stdoutFile`) and from there to {@link follow}, or with `log: 'agent'` is what the program prints: then each record
   * is an entry `agent.log`, and disk and memory are bounded however much is printed. `format` names the format of what it prints.
   * @throws LabError `LAB_BAD_INPUT` for a format that cannot be used
   */
  process(
    name: string,
    options: Omit<ProcessOptions, 'clock' | 'ledger'> & {
      readonly format?: LogFormat;
      readonly log?: 'agent';
    },
  ): Promise<StartedProcess>;
  /**
   * A loopback address for a program of its own to dial from, so that it is known who dials (`curl --interface`); 127.0.0.1 where the
   * system has only that (macOS).
   */
  addressOf(dialler: string): string;
  /** Puts a planted secret under watch: the journal marks it, and the outputs are scanned for it at the end. */
  plantSecret(name: string, value: string): void;
  /** Names a file or text that the subject wrote, to be scanned for planted secrets. */
  output(name: string, content: () => Promise<string>): void;
  /**
   * Journals what the scenario saw of its subject.
   * @throws LabError `LAB_SCENARIO_BROKEN` for a field that every entry has of its own
   */
  note(name: string, fields?: NoteFields): void;
  /**
   * Adds an entry of another kind: for probes that a scenario brings along.
   * @throws LabError `LAB_SCENARIO_BROKEN` for a kind, a source or a field that the table of kinds does not have
   */
  record<K extends EntryKind>(source: SourceOf<K>, kind: K, facts: NoInfer<FactsOf<K>>): void;

  /**
   * The nth entry that is meant, or undefined when it has not come `withinMs` of lab time from now, which the journal then
   * says as well (`lab.waited`). A subject that is sound may not let the story wait in vain (`standing-keeps-up`): where nothing is
   * to come, `sleep`.
   * @throws LabError `LAB_SCENARIO_BROKEN` for a matcher that no entry can fit
   */
  until(matcher: Matcher, options: { withinMs: number; nth?: number }): Promise<Entry | undefined>;
  /**
   * How many such entries there are so far.
   * @throws LabError `LAB_SCENARIO_BROKEN` for a matcher that no entry can fit
   */
  count(matcher: Matcher): number;
  /** Lets lab time pass. */
  sleep(ms: number): Promise<void>;
  /** Puts a fault of the scenario in force now. */
  inject(fault: string): Promise<void>;
  /** Lifts it. */
  lift(fault: string): Promise<void>;

  /** Stops a subject at the end of the run, while faults are still in force; last in, first out. */
  use<T extends AsyncDisposable>(subject: T): T;
  /** Stops what serves the subject, after faults were lifted. */
  serve<T extends AsyncDisposable>(service: T): T;
}
