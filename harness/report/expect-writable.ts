/** Says at once what could not be written later: what takes minutes to find is not lost to a misspelt path. */
import { access, constants, lstat, mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileError, LabError } from '../errors.ts';

/**
 * Looks at `path`, or at the nearest folder above it that there is.
 * @throws LabError `LAB_BAD_INPUT` for a path through a file or a link to nothing, where something of another kind is, or where
 * nothing can be made;
 * `LAB_NO_PERMISSION`; `LAB_DISK_FULL`
 */
export async function expectWritable(path: string, kind: 'file' | 'folder'): Promise<void> {
  const wanted = resolve(path);
  for (let place = wanted; ; place = dirname(place)) {
    try {
      const isFolder = (await stat(place)).isDirectory();
      if (isFolder !== (place !== wanted || kind === 'folder')) throw notOfThatKind(isFolder);
      if (isFolder) await tryIn(place);
      else await access(place, constants.W_OK);
      return;
    } catch (cause) {
      if (cause instanceof LabError) throw cause;
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError(cause, path);
      if ((place !== wanted || kind === 'folder') && (await isLink(place))) throw leadsNowhere(place);
    }
  }
}

/**
 * Makes a folder and takes it away again. Permissions do not tell of a file system that takes none, such as /proc, where Node's
 * recursive `mkdir` tries for ever: it takes ENOENT for a folder above that is missing.
 */
async function tryIn(folder: string): Promise<void> {
  const made = await mkdtemp(join(folder, '.shaketable-')).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw new LabError(
      'LAB_BAD_INPUT',
      `Nothing can be made in ${folder}: its file system takes no folders`,
      {
        hint: 'Name another directory.',
        cause,
      },
    );
  });
  await rmdir(made);
}

/** Of what `stat` does not find: a link whose target is gone. */
const isLink = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const leadsNowhere = (link: string): LabError =>
  new LabError('LAB_BAD_INPUT', `${link} is a link to what is not there`, {
    hint: 'Make the folder that it leads to, or name another directory.',
  });

const notOfThatKind = (isFolder: boolean): NodeJS.ErrnoException =>
  Object.assign(new Error('it is there, and of another kind'), { code: isFolder ? 'EISDIR' : 'ENOTDIR' });
