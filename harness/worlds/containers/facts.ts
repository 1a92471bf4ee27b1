/** What a stack is known by, as JSON: the main process starts it, the processes of scenarios use it. */
import type { DatabaseFacts } from '../../databases/index.ts';

/** A proxy server in a container. */
export interface ProxyFacts {
  /** Its HTTP API, as the lab reaches it. */
  readonly apiUrl: string;
  /** Its address, as the lab reaches it. */
  readonly host: string;
  /** Its name inside the network. */
  readonly alias: string;
}

/** Subjects run at the same time; each has a proxy of its own before its services, so that both meet the same draws. */
export type FrontName = 'naive' | 'hardened';

export interface StackFacts {
  /** `<pid>-<start>` of the main process: what everything is labelled with. */
  readonly owner: string;
  /** The network's name. */
  readonly network: string;
  readonly fronts: Readonly<Record<FrontName, ProxyFacts>>;
  /** The shared database, at a door. */
  readonly database: DatabaseFacts;
  /** Its name inside the network. */
  readonly databaseAlias: string;
  /** The volume with an empty data directory, which every further database server copies. */
  readonly template: string;
  /** Images of the project's own, by name, with the tag of the current sources. */
  readonly images: Readonly<Record<string, string>>;
}

/** The front of a subject; of one by another name, the first. */
export function frontOf({ fronts }: StackFacts, subject: string): ProxyFacts {
  return subject === 'hardened' ? fronts.hardened : fronts.naive;
}
