/** What a run must give back, written down so that a later run can clear up after one that was killed. */

export { findOrphans, type Orphan } from './find-orphans.ts';
export { type Removal, removeOrphans } from './remove-orphans.ts';
export {
  type LedgerOptions,
  openLedger,
  type RecordedChild,
  type Release,
  type ResourceLedger,
} from './resource-ledger.ts';
export { ensureFastRoot, labRoots, type Roots } from './roots.ts';
export {
  labTemporaryDirectory,
  type TemporaryDirectory,
  type TemporaryDirectoryOptions,
} from './temporary-directory.ts';
