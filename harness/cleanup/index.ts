/** What a run must give back, written down so that a later run can clear up after one that was killed. */

export { findLeavings, type Leaving } from './find-leavings.ts';
export {
  type Leavings,
  type LeavingsOptions,
  openLeavings,
  type RecordedChild,
  type Release,
} from './leavings.ts';
export { type Removal, removeLeavings } from './remove-leavings.ts';
export { ensureFastRoot, labRoots, type Roots } from './roots.ts';
export {
  labTemporaryDirectory,
  type TemporaryDirectory,
  type TemporaryDirectoryOptions,
} from './temporary-directory.ts';
