/** The database sync workers: the naive one as reported, the hardened one with the fixes. */
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
