/**
 * A private directory of the run, on disk or, where speed matters, in memory. It is written down before it exists, so
 * that no moment is left in which a killed run could leave it unknown.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openLedger, type ResourceLedger } from './resource-ledger.ts';
import { ensureDirectory, ensureFastRoot, ensureRoot, labRoots, type Roots } from './roots.ts';

/** A directory that disposal removes, with everything in it. */
export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
}

/** Where the directory goes. */
export interface TemporaryDirectoryOptions {
  /** @default the record that `openLedger()` finds */
  readonly ledger?: ResourceLedger;
  /** Prefers a file system in memory, if that has room for a database. @default false */
  readonly memory?: boolean;
  /** @default the roots of the current user */
  readonly roots?: Roots;
}

/** Makes an empty directory, mode 0700, whose name begins with `name`. */
export async function labTemporaryDirectory(
  name: string,
  options: TemporaryDirectoryOptions = {},
): Promise<TemporaryDirectory> {
  const { memory = false, roots = labRoots() } = options;
  const ledger = options.ledger ?? (await openLedger({ roots }));
  const root = memory ? await ensureFastRoot(roots) : await ensureRoot(roots.disk);
  const path = join(root, `${name}-${randomBytes(6).toString('hex')}`);
  const release = ledger.directory(path);
  await ensureDirectory(path);
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      release();
    },
  };
}
