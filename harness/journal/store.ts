/**
 * A journal on disk: NDJSON, a header line and then one entry a line, so that it can be read while it is long and
 * repaired by eye when it is broken.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { fileError, LabError } from '../errors.ts';
import type { Entry, JsonObject } from './entry.ts';

/** The first line: what the entries belong to, and the checks that were run on them. */
export interface JournalHeader {
  readonly journal: 1;
  readonly scenario: string;
  readonly subject: string;
  readonly seed: number;
  /** How many times faster than the wall clock the lab clock ran. */
  readonly pace: number;
  /** Wall-clock start, ISO 8601. */
  readonly startedAt: string;
  /** Epoch milliseconds of the lab clock at which `t` is 0. */
  readonly labStart: number;
  readonly checks: Readonly<Record<string, JsonObject>>;
}

export interface Recording {
  readonly header: JournalHeader;
  readonly entries: readonly Entry[];
}

/** Writes a recording whole or not at all. */
export async function writeRecording(path: string, recording: Recording): Promise<void> {
  const lines = [recording.header, ...recording.entries].map((line) => JSON.stringify(line));
  try {
    await writeFile(`${path}.part`, `${lines.join('\n')}\n`);
    await rename(`${path}.part`, path);
  } catch (cause) {
    throw fileError(cause, path);
  }
}

/**
 * Reads a stored recording.
 * @throws LabError `LAB_JOURNAL_BROKEN` naming file and line when it is missing, half-written or not a journal.
 */
export async function readRecording(path: string): Promise<Recording> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw broken(path, 'cannot be read', cause);
  });
  if (!text.endsWith('\n')) throw broken(path, 'ends in the middle of a line');
  const [header, ...entries] = text
    .slice(0, -1)
    .split('\n')
    .map((line, index) => parse(path, line, index + 1));
  if (header?.journal !== 1) throw broken(path, 'has no version 1 header in line 1');
  return { header: header as unknown as JournalHeader, entries: entries as unknown as Entry[] };
}

function parse(path: string, line: string, number: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw broken(path, `line ${number} is not JSON`, cause);
  }
  throw broken(path, `line ${number} is not an object`);
}

function broken(path: string, what: string, cause?: unknown): LabError {
  return new LabError('LAB_JOURNAL_BROKEN', `${path} ${what}`, {
    hint: 'Run the scenario again; its replay command is in run.json.',
    cause,
  });
}
