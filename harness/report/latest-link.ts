/** Links to what was written last. */
import { rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, relative } from 'node:path';

/**
 * Points `link` at the directory, at once for every reader. What was written is worth more than the link to it: where there can
 * be none, such as where a directory has its name, that is a sentence for the reader.
 */
export async function pointLatest(link: string, directory: string): Promise<string[]> {
  const fresh = `${link}.${process.pid}.part`;
  try {
    await rm(fresh, { force: true });
    await symlink(relative(dirname(link), directory), fresh);
    await rename(fresh, link);
    return [];
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => {});
    return [`${link} does not lead to ${basename(directory)}: ${reasonOf(cause)}`];
  }
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EISDIR' || code === 'ENOTEMPTY' || code === 'EEXIST')
    return 'there is a directory of that name';
  return cause instanceof Error ? cause.message : String(cause);
}
