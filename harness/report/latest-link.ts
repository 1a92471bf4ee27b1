/** Links to what was written last. */
import { rename, rm, symlink } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fileError } from '../errors.ts';

/** Points `link` at the directory, at once for every reader. @throws LabError for where that cannot be written */
export async function pointLatest(link: string, directory: string): Promise<void> {
  const fresh = `${link}.${process.pid}.part`;
  try {
    await rm(fresh, { force: true });
    await symlink(relative(dirname(link), directory), fresh);
    await rename(fresh, link);
  } catch (cause) {
    throw fileError(cause, link);
  }
}
