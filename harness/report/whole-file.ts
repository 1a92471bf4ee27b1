/**
 * Files that are there whole or not at all: a reader never meets half a report.
 */
import { rename, rm, writeFile } from 'node:fs/promises';
import { fileError } from '../errors.ts';

/**
 * Writes `text` to `path` by way of `path.part`, which is gone afterwards in any case.
 * @throws LabError `LAB_DISK_FULL` or `LAB_NO_PERMISSION` where that is the cause; the old file then still stands.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  try {
    await writeFile(part, text);
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true }).catch(() => undefined);
    throw fileError(cause, path);
  }
}
