/** Where scenario files are written, and how they name others. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { fileError, LabError } from '../errors.ts';

export const posixPath = (path: string): string => path.split(sep).join('/');

/** The path of `file` for an import in `directory`. */
export function pathFrom(directory: string, file: string): string {
  const path = posixPath(relative(directory, file));
  return path.startsWith('.') ? path : `./${path}`;
}

/** Writes a new file with its folders. @throws LabError for one that is there already, or cannot be written */
export async function writeNew(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw new LabError('LAB_BAD_INPUT', `${path} is there already`, {
        hint: 'Choose another name: nothing is written over.',
      });
    throw fileError(cause, path, 'choose another name');
  }
}
