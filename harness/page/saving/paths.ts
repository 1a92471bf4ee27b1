/** Where the page may write: below the directory that the lab was started in, and never over what is there. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileError, LabError } from '../../errors.ts';

export const posixPath = (path: string): string => path.split(sep).join('/');

/**
 * The absolute path of `name` below `directory`.
 * @throws LabError `LAB_BAD_INPUT` for a name that leads elsewhere or does not end in one of `endings`
 */
export function pathBelow(directory: string, name: string, endings: readonly string[]): string {
  const path = resolve(directory, name);
  const way = relative(directory, path);
  if (name === '' || way === '' || way.startsWith('..') || isAbsolute(way) || /[\p{Cc}\\]/u.test(name))
    throw refused(`${name} is no file below ${directory}`, 'Give a path as by-hand/what-i-played.ts.');
  if (way.split(sep).some((part) => part.startsWith('.') || part === 'node_modules'))
    throw refused(
      `${name} has a part that is hidden or not yours`,
      'Give a path as by-hand/what-i-played.ts.',
    );
  if (!endings.some((ending) => way.endsWith(ending)))
    throw refused(`${name} does not end in ${endings.join(' or ')}`, 'Give it that ending.');
  return path;
}

/** Writes a new file with its folders. @throws LabError for one that is there already, or cannot be written */
export async function writeNew(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw refused(`${path} is there already`, 'Choose another name: nothing is written over.');
    throw fileError(cause, path, 'choose another name');
  }
}

/** A name of a file that is not there says what it is. */
export const fileNameOf = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60) || 'played-by-hand';

function refused(message: string, hint: string): LabError {
  return new LabError('LAB_BAD_INPUT', message, { hint });
}
