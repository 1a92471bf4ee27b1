/**
 * What runs left behind whose owner is no longer alive. Only what is still there is listed: living processes whose
 * start time agrees, directories that exist, and the record itself.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  formatIdentity,
  isAlive,
  type ProcessIdentity,
  processSpace,
  sessionOf,
} from './process-identity.ts';
import { type RunRecord, readRecord } from './record.ts';
import { labRoots, type Roots } from './roots.ts';

/** One thing that a run left behind. `owner` is `<pid>-<start>` of that run's main process. */
export type Orphan = { owner: string } & (
  | { kind: 'process'; process: ProcessIdentity; command: string }
  | { kind: 'directory'; path: string }
  | { kind: 'record'; path: string }
);

/** Lists what dead runs of the current user left, in the order in which it should be removed. */
export async function findOrphans({ roots = labRoots() }: { roots?: Roots } = {}): Promise<Orphan[]> {
  const here = processSpace();
  const records = recordPaths(join(roots.disk, 'runs')).flatMap((path) => readRecord(path) ?? []);
  return records.filter((record) => isAbandoned(record, here)).flatMap(orphansOf);
}

/** What of `record` is still there, processes first: they may write to the directories. */
export function orphansOf(record: RunRecord): Orphan[] {
  const owner = formatIdentity(record.owner);
  const sameBoot = record.opened?.boot === processSpace().boot;
  const processes: Orphan[] = [];
  const directories: Orphan[] = [];
  for (const holding of record.outstanding) {
    if ('directory' in holding) {
      if (existsSync(holding.directory))
        directories.push({ owner, kind: 'directory', path: holding.directory });
    } else if (sameBoot) {
      const { pid, start, command, session } = holding.process;
      const members = session ? sessionOf({ pid, start }) : [{ pid, start }].filter(isAlive);
      processes.push(
        ...members.map((member): Orphan => ({ owner, kind: 'process', process: member, command })),
      );
    }
  }
  return [...processes, ...directories, { owner, kind: 'record', path: record.path }];
}

/** Whether nobody owns the record any more. An owner in another container cannot be judged from here. */
function isAbandoned({ owner, opened }: RunRecord, here: ReturnType<typeof processSpace>): boolean {
  if (opened === undefined) return !isAlive(owner);
  if (opened.boot !== here.boot) return true;
  return opened.namespace === here.namespace && !isAlive(owner);
}

function recordPaths(directory: string): string[] {
  try {
    return readdirSync(directory).map((name) => join(directory, name));
  } catch {
    return []; // No run of this user was ever here, or the directory is somebody else's.
  }
}
