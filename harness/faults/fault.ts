/**
 * What a fault is: one effect at one place, described by data, that can be put in force and lifted. It counts only when
 * it strikes, so each one says how a strike is seen.
 */
import type { OwnToxicDefinition } from 'shaketable-proxy';
import type { Clock } from 'shaketable-proxy/clock';
import type { StartedDatabase } from '../databases/index.ts';
import type { Entry, JsonObject } from '../journal/entry.ts';
import type { Matcher } from '../journal/matcher.ts';
import { ownWorlds, type WorldName, worldNames } from '../world-list.ts';

/** Where a fault strikes. */
export const places = ['link', 'name', 'data', 'database', 'certificate', 'load', 'subject'] as const;
export type Place = (typeof places)[number];

/** Where most faults can be made: they need sockets and a database, and whether those are simulated is all the same to them. */
export const everyWorld: readonly WorldName[] = worldNames;

/** The worlds that start the server and its database themselves. */
export { ownWorlds };

/** Who makes a fault on a link: the real Toxiproxy, or the lab's own proxy. */
export type Engine = 'toxiproxy' | 'shaketable';

/** Takes the effect away again. */
export type Lift = () => Promise<void>;

/** A toxic on a link, in real time; its name is the fault's id. */
export type LinkToxic = Omit<OwnToxicDefinition, 'name'>;

/** A link as a fault sees it. */
export interface FaultableLink {
  readonly name: string;
  /** Where one connects to in order to go over it. */
  readonly host: string;
  readonly port: number;
  /** Adds a toxic under the fault's own id. */
  addToxic(id: string, toxic: LinkToxic): Promise<Lift>;
  /** Closes the port and every connection, or opens the port again. */
  setEnabled(enabled: boolean): Promise<void>;
  /** Who makes the toxic that was added under `id`; without any, who closes the port. */
  engineOf(id: string): Engine;
}

/** The names that the subjects can look up. */
export interface FaultableNames {
  /** Calls `strike` for each look-up of `host`, which then fails with the given resolver error. */
  fail(host: string, code: 'ENOTFOUND' | 'EAI_AGAIN', strike: (reason: string) => void): Lift;
}

/** A session of the administrator's own: for transactions and locks that have to stay open. */
export interface DatabaseSession {
  query(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

/** What a fault finds where it is installed. */
export interface FaultContext {
  /** The fault's id in the scenario. */
  readonly id: string;
  /** The lab clock. */
  readonly clock: Clock;
  /** How many lab milliseconds pass in a real one. */
  readonly pace: number;
  readonly names: FaultableNames;
  /** The link that the scenario named; throws when there is none. */
  link(): FaultableLink;
  /** The database server of this subject's run. */
  database(): Pick<StartedDatabase, 'flavour' | 'query' | 'restart' | 'freeze' | 'thaw' | 'killConnections'>;
  /** The schema of this subject's run in that server, and the user that works in it. */
  schema(): { database: string; user: string };
  /** Opens a session of the administrator's own in the schema of this subject's run. */
  session(): Promise<DatabaseSession>;
  /** The connection of a link behind a record of the server's log that tells its `remotePort`. */
  connectionBehind(link: string, record: Entry): number | undefined;
  /** Calls `listener` for each new journal entry that is meant, until the returned function is called. */
  onEntry(meant: Matcher, listener: (entry: Entry) => void): () => void;
  /** Journals that the fault hit something. */
  strike(reason: string, facts?: JsonObject): void;
}

/** One effect at one place. */
export interface Fault {
  /** The standard term for the effect, as `latency`, `reset_idle`. */
  readonly kind: string;
  readonly place: Place;
  readonly params: JsonObject;
  readonly worlds: readonly WorldName[];
  /**
   * Entries that prove a strike, for effects that cannot see it themselves: a closed port does not know who knocked, a
   * changed row does not know who read it.
   */
  readonly struckBy?: Matcher;
  /** What is wrong with its parameters, in words, for whoever declares a scenario with it. */
  readonly mistakes?: readonly string[];
  /** Puts it in force. When this resolves, the effect holds. */
  install(context: FaultContext): Promise<Lift>;
}
