/**
 * `previous.json`: what came before a run, in the run's own directory. With it the reports can say what changed and still be made
 * of that directory alone.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, LabError } from '../../errors.ts';
import { writeWhole } from '../whole-file.ts';
import { isPastRun } from './parse-past-run.ts';
import type { Before } from './what-came-before.ts';

const fileName = 'previous.json';

/** Writes what came before the run in `directory`. @throws LabError as `writeWhole` does */
export async function writeBefore(directory: string, before: Before): Promise<void> {
  await writeWhole(join(directory, fileName), `${JSON.stringify(before)}\n`);
}

/**
 * Reads what came before the run in `directory`; undefined for a run that kept none.
 * @throws LabError `LAB_BAD_INPUT` when it is half-written or something else
 */
export async function readBefore(directory: string): Promise<Before | undefined> {
  const file = join(directory, fileName);
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw fileError(cause, file);
  });
  if (text === undefined) return undefined;
  const value = parse(text);
  if (value !== undefined) return value;
  throw new LabError(
    'LAB_BAD_INPUT',
    `${file} is not what a run leaves: half-written, or of another version`,
    {
      hint: 'Take the file away: the report can be written without it, and then does not say what changed.',
    },
  );
}

function parse(text: string): Before | undefined {
  try {
    const value = JSON.parse(text) as Partial<Before> | null;
    return value !== null && isBefore(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isBefore(value: Partial<Before>): value is Before {
  const { version, previous, recent } = value;
  if (version !== 1 || typeof recent !== 'object' || recent === null) return false;
  return (previous === undefined || isPastRun(previous)) && Object.values(recent).every(isResults);
}

const isResults = (value: unknown): boolean =>
  Array.isArray(value) && value.every((asExpected) => typeof asExpected === 'boolean');
