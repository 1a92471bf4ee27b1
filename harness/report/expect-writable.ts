/** Says at once what could not be written later: what takes minutes to find is not lost to a misspelt path. */
import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileError } from '../errors.ts';

/**
 * Looks at `path`, or at the nearest folder above it that there is.
 * @throws LabError `LAB_BAD_INPUT` for a path through a file, or where something of another kind is; `LAB_NO_PERMISSION`
 */
export async function expectWritable(path: string, kind: 'file' | 'folder'): Promise<void> {
  const wanted = resolve(path);
  for (let place = wanted; ; place = dirname(place)) {
    try {
      const isFolder = (await stat(place)).isDirectory();
      if (isFolder !== (place !== wanted || kind === 'folder')) throw notOfThatKind(isFolder);
      await access(place, constants.W_OK);
      return;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError(cause, path);
    }
  }
}

const notOfThatKind = (isFolder: boolean): NodeJS.ErrnoException =>
  Object.assign(new Error('it is there, and of another kind'), { code: isFolder ? 'EISDIR' : 'ENOTDIR' });
