/** Brings the files of a unit back to a directory, as they were where it was played. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { fileError, LabError } from '../../errors.ts';
import type { KeptFile } from '../unit.ts';

/** What a part of a run consists of: a worker cannot write anywhere else. */
const partFiles = /^(?:run\.json|journals\/[^/\\]+\.ndjson)$/;

/** No file is longer, whatever it says of itself, in bytes. */
const mostBytes = 64 * 2 ** 20;

const decompress = promisify(gunzip);

/** @throws LabError `LAB_JOURNAL_BROKEN` for bytes that are not what the worker had, or no file of a part */
export async function fetchFiles(
  directory: string,
  files: readonly KeptFile[],
  get: (blob: string) => Promise<Uint8Array>,
  expected: RegExp = partFiles,
): Promise<void> {
  await mkdir(join(directory, 'journals'), { recursive: true });
  for (const { path, blob, sha256 } of files) {
    if (!expected.test(path)) throw broken(`${JSON.stringify(path)} is not among the files of such a unit`);
    const content = await decompress(await get(blob), { maxOutputLength: mostBytes }).catch((cause) => {
      throw broken(`${path} (${blob}) cannot be unpacked`, cause);
    });
    if (createHash('sha256').update(content).digest('hex') !== sha256)
      throw broken(`${path} (${blob}) is not what the worker had`);
    const to = join(directory, path);
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, content).catch((cause) => {
      throw fileError(cause, to);
    });
  }
}

function broken(message: string, cause?: unknown): LabError {
  return new LabError('LAB_JOURNAL_BROKEN', message, { hint: 'Play the run again.', cause });
}
