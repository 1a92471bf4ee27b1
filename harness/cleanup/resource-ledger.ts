/**
 * What a run has and must give back, written down so that whoever comes later can clear up after a run that was killed.
 * Every process of a run opens the record of its owner, which `SHAKETABLE_OWNER` names; the owner removes it at the end.
 */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../errors.ts';
import { orphansOf } from './find-orphans.ts';
import {
  formatIdentity,
  identifyProcess,
  isAlive,
  type ProcessIdentity,
  parseIdentity,
  processSpace,
} from './process-identity.ts';
import { appendLine, readRecord, strikeOut } from './record.ts';
import { type Removal, removeOrphans } from './remove-orphans.ts';
import { ensureDirectory, ensureRoot, labRoots, type Roots } from './roots.ts';

/** Strikes a thing out of the record. May be called twice. */
export type Release = () => void;

/** A started child as far as the record needs it; `ChildProcess` fits. */
export interface RecordedChild {
  readonly pid?: number | undefined;
  readonly spawnfile?: string;
  once(event: 'exit', listener: () => void): unknown;
}

/**
 * The open record of a run. Disposal by the owner removes what is still outstanding, then the record itself; what another
 * ledger of this process wrote down is left to that one.
 */
export interface ResourceLedger extends AsyncDisposable {
  /** `<pid>-<start>` of the run's main process: give it to child processes as `SHAKETABLE_OWNER`. */
  readonly owner: string;
  /**
   * Writes a child process down until it exits. Call it in the same tick as the spawn. With `session`, for a child
   * that was spawned `detached`, its descendants are meant too.
   */
  process(child: RecordedChild, options?: { command?: string; session?: boolean }): Release;
  /** Writes a directory down, before it is made. It has to lie within a root of the lab. */
  directory(path: string): Release;
  /** Closes the record; the owner gets what it had to remove itself. */
  close(): Promise<Removal[]>;
}

/** Where the record is and whose it is. */
export interface LedgerOptions {
  /** @default `SHAKETABLE_OWNER` if that process lives, else the current process */
  readonly owner?: string | undefined;
  /** @default the roots of the current user */
  readonly roots?: Roots;
}

/** Opens the record of the run. Fails with LAB_NO_PERMISSION if the lab's root is not private. */
export async function openLedger(options: LedgerOptions = {}): Promise<ResourceLedger> {
  const roots = options.roots ?? labRoots();
  const owner = resolveOwner(options.owner ?? process.env.SHAKETABLE_OWNER);
  const runs = await ensureDirectory(join(await ensureRoot(roots.disk), 'runs'));
  const path = join(runs, `${formatIdentity(owner)}.ndjson`);
  appendLine(path, { opened: processSpace() });
  if (owner.pid === process.pid) removeAtExit(path);
  return createLedger(path, owner, roots);
}

function createLedger(path: string, owner: ProcessIdentity, roots: Roots): ResourceLedger {
  let closed: Promise<Removal[]> | undefined;
  const own = new Set<string>();
  const isOfAnother = (id: string): boolean => id.startsWith(`${process.pid}.`) && !own.has(id);
  const close = (): Promise<Removal[]> => {
    closed ??= owner.pid === process.pid ? sweep(path, roots, isOfAnother) : Promise.resolve([]);
    return closed;
  };
  const ownId = (): string => {
    const id = nextId();
    own.add(id);
    return id;
  };
  return {
    owner: formatIdentity(owner),
    process(child, { command = child.spawnfile ?? '', session = false } = {}) {
      const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
      if (identity === undefined) return () => undefined; // It never started, or is over already.
      const id = ownId();
      appendLine(path, { id, process: { ...identity, command, session } });
      const release = once(() => strikeOut(path, id));
      child.once('exit', release);
      return release;
    },
    directory(directory) {
      const id = ownId();
      appendLine(path, { id, directory });
      return once(() => strikeOut(path, id));
    },
    close,
    [Symbol.asyncDispose]: async () => {
      await close();
    },
  };
}

/** Removes everything that the run still has, whichever of its processes got it, but for what is kept. */
async function sweep(path: string, roots: Roots, isKept: (id: string) => boolean): Promise<Removal[]> {
  const record = readRecord(path);
  if (record === undefined) return [];
  const meant = record.outstanding.filter(({ id }) => !isKept(id));
  const orphans = orphansOf({ ...record, outstanding: meant });
  if (meant.length === record.outstanding.length) return await removeOrphans(orphans, { roots });
  const removals = await removeOrphans(
    orphans.filter(({ kind }) => kind !== 'record'),
    { roots },
  );
  for (const holding of meant) {
    const left = orphansOf({ ...record, outstanding: [holding] }).filter(({ kind }) => kind !== 'record');
    if (left.length === 0) strikeOut(path, holding.id);
  }
  return removals;
}

const removedAtExit = new Set<string>();

/** A run that gave everything back leaves no record, even if it never closed it. */
function removeAtExit(path: string): void {
  if (removedAtExit.has(path)) return;
  removedAtExit.add(path);
  process.once('exit', () => {
    if (readRecord(path)?.outstanding.length === 0) rmSync(path, { force: true });
  });
}

function resolveOwner(text: string | undefined): ProcessIdentity {
  const named = text === undefined ? undefined : parseIdentity(text);
  if (named !== undefined && isAlive(named)) return named;
  const self = identifyProcess(process.pid);
  if (self !== undefined) return self;
  throw new LabError('LAB_INTERNAL', 'The system does not tell when this process started', {
    hint: 'The lab needs `/proc` or a working `ps`.',
  });
}

let count = 0;

/** An id that no other process of the run uses. */
function nextId(): string {
  count += 1;
  return `${process.pid}.${count}`;
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
