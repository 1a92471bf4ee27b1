/**
 * The only places where the lab makes temporary directories and, after a crash, removes any. One root for each user,
 * private, in the system's temporary directory; a second one in memory, where there is a file system for that.
 */
import { lstat, mkdir, realpath, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { fileError, LabError } from '../errors.ts';

const memoryFileSystem = '/dev/shm';
/** Less room than this, and memory is left alone: a slim database with some data in it. */
const memoryRoomBytes = 256 * 1024 * 1024;

/** Where roots are looked for. */
export interface Roots {
  readonly disk: string;
  readonly memory: string;
}

/** The roots of the current user. They need not exist yet. */
export function labRoots(): Roots {
  const name = `shaketable-${process.getuid?.() ?? 'user'}`;
  return { disk: join(tmpdir(), name), memory: join(memoryFileSystem, name) };
}

/**
 * Makes a directory of ours at `path` if there is none, mode 0700. Fails with LAB_DISK_FULL, LAB_NO_PERMISSION or
 * LAB_BAD_INPUT.
 */
export async function ensureDirectory(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw fileError(error, path, 'set TMPDIR to a directory of your own');
  });
  return path;
}

/** Makes `root` if needed. Fails as `ensureDirectory`, and with LAB_NO_PERMISSION if somebody else could have prepared it. */
export async function ensureRoot(root: string): Promise<string> {
  await ensureDirectory(root);
  if (!(await isOurs(root))) {
    throw new LabError('LAB_NO_PERMISSION', `${root} is not a private directory of the current user`, {
      hint: `Remove it, or set TMPDIR to a directory of your own.`,
    });
  }
  return root;
}

/** The root in memory if there is one with room for a database, else the one on disk; made if needed. */
export async function ensureFastRoot({ disk, memory }: Roots = labRoots()): Promise<string> {
  const room = await statfs(dirname(memory)).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  if (room < memoryRoomBytes) return ensureRoot(disk);
  return ensureRoot(memory).catch(() => ensureRoot(disk));
}

/** Whether `path` lies strictly within one of the roots, links resolved, and that root is ours. */
export async function isWithinRoots(path: string, roots: Roots = labRoots()): Promise<boolean> {
  const parent = await realpath(dirname(resolve(path))).catch(() => undefined);
  if (parent === undefined) return false;
  for (const root of [roots.disk, roots.memory]) {
    const real = await realpath(root).catch(() => undefined);
    const within = real !== undefined && (parent === real || parent.startsWith(real + sep));
    if (within && (await isOurs(root))) return true;
  }
  return false;
}

async function isOurs(root: string): Promise<boolean> {
  const { uid, mode, ...entry } = await lstat(root).then((stat) => ({
    uid: stat.uid,
    mode: stat.mode,
    directory: stat.isDirectory(),
  }));
  const owned = process.getuid === undefined || uid === process.getuid();
  return entry.directory && owned && (mode & 0o022) === 0;
}
