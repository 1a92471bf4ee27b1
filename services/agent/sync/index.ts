/** The database sync worker of the agents: as it was reported, and as it has to be. */
export { createHardenedSync } from './hardened.ts';
export { createNaiveSync } from './naive.ts';
export { defaultSyncPolicy, type SyncPolicy } from './policy.ts';
export type {
  DatabaseAddress,
  SyncBatch,
  SyncItem,
  SyncOptions,
  SyncOutcome,
  SyncProblem,
  SyncStats,
  SyncWorker,
} from './sync.ts';
