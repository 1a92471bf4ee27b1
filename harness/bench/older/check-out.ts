/** Gets the sources of an older version out of the repository, with the packages of its own lockfile. */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileError, LabError } from '../../errors.ts';
import type { OlderVersion } from './version.ts';

const run = promisify(execFile);

/** Where from and where to. */
export interface CheckOutOptions {
  /** Root of the repository. */
  readonly repository: string;
  /** Where versions are kept, one folder a commit. */
  readonly cache: string;
  readonly announce: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * The version that `ref` names, made once for each commit. Working tree and index of the repository stay as they are.
 * @throws LabError `LAB_BAD_INPUT` for a ref that there is not or a directory that is no repository, `LAB_SUBJECT_START` when
 *   its packages cannot be installed; rejects with `signal.reason` when aborted, and leaves nothing half-made then
 */
export async function checkOut(ref: string, options: CheckOutOptions): Promise<OlderVersion> {
  const { cache, announce, signal } = options;
  const commit = await commitOf(ref, options);
  const directory = join(cache, commit);
  if (await exists(directory)) return { ref, commit, directory };
  announce(`Getting ${ref} (${commit.slice(0, 10)}) and its packages`);
  await mkdir(cache, { recursive: true }).catch((cause: unknown) => {
    throw fileError(cause, cache);
  });
  const scratch = await mkdtemp(join(cache, '.half-made-'));
  try {
    await writeTree(commit, scratch, options);
    await install(ref, scratch, signal);
    // Another benchmark may have been faster.
    await rename(scratch, directory).catch(async (cause: unknown) => {
      if (!(await exists(directory))) throw fileError(cause, directory);
    });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return { ref, commit, directory };
}

async function commitOf(ref: string, { repository, signal }: CheckOutOptions): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const { stdout } = await run('git', args, { cwd: repository, signal }).catch(async (cause: Error) => {
    signal.throwIfAborted();
    const known = await exists(join(repository, '.git'));
    const message = known
      ? `There is no version called ${ref}`
      : 'An older version can only be had where the repository of the lab is';
    throw new LabError('LAB_BAD_INPUT', message, {
      hint: known
        ? 'Name a tag, a branch or a commit: `git log --oneline` shows them. A shallow clone has few.'
        : 'Clone it, and run `npm run bench -- --against REF` there; or compare with a file: `--baseline FILE`.',
      cause,
    });
  });
  return stdout.trim();
}

/** With an index of its own, since that of the repository is the user's. */
async function writeTree(
  commit: string,
  directory: string,
  { repository, signal }: CheckOutOptions,
): Promise<void> {
  const index = join(directory, '.index');
  const options = { cwd: repository, signal, env: { ...process.env, GIT_INDEX_FILE: index } };
  await run('git', ['read-tree', commit], options);
  await run('git', ['checkout-index', '--all', `--prefix=${directory}/`], options);
  await rm(index);
}

async function install(ref: string, directory: string, signal: AbortSignal): Promise<void> {
  const args = ['ci', '--no-audit', '--no-fund', '--prefer-offline'];
  await run('npm', args, { cwd: directory, signal, maxBuffer: 1 << 26 }).catch((cause: Error) => {
    signal.throwIfAborted();
    const told = (cause as Error & { stderr?: string }).stderr?.trim().split('\n').slice(-3).join('\n');
    throw new LabError(
      'LAB_SUBJECT_START',
      `The packages of ${ref} cannot be installed: ${told || cause.message}`,
      {
        hint: 'npm needs its registry for that, or everything in its cache.',
        cause,
      },
    );
  });
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
