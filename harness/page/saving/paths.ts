/** Where the page may write: below the directory that the lab was started in, and never over what is there. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { LabError } from '../../errors.ts';

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
