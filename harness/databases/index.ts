/** A throwaway MySQL-compatible server: found, started from a template in under a second, and gone after the run. */

export type {
  Administration,
  ConnectionOwner,
  DatabaseFacts,
  Row,
  Schema,
} from './administration.ts';
export { type AttachedDatabase, attachDatabase } from './attach.ts';
export type { DatabaseBinary, Flavour } from './database-binary.ts';
export { type FindDatabaseOptions, findDatabase } from './find-database.ts';
export type { RestartOptions, ServerControl } from './running-server.ts';
export { type StartDatabaseOptions, type StartedDatabase, startDatabase } from './start-database.ts';
export { diskFailure } from './start-failure.ts';
