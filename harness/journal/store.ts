/**
 * A journal on disk: NDJSON, a header line and then one entry a line, so that it can be read while it is long and
 * repaired by eye when it is broken.
 */
import { renameSync, writeFileSync } from 'node:fs';
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
  /** Ids of the checks that the naive subject was reported to fail; absent in journals of older versions. */
  readonly reported?: readonly string[];
  /** How many entries follow, so that a journal that was cut off between two lines is known; absent in older versions. */
  readonly entries?: number;
}

export interface Recording {
  readonly header: JournalHeader;
  readonly entries: readonly Entry[];
}

/** Writes a recording whole or not at all. */
export async function writeRecording(path: string, recording: Recording): Promise<void> {
  try {
    await writeFile(`${path}.part`, textOf(recording));
    await rename(`${path}.part`, path);
  } catch (cause) {
    throw fileError(cause, path);
  }
}

/** The same for a process that is about to end: nothing can be waited for any more. */
export function writeRecordingSync(path: string, recording: Recording): void {
  writeFileSync(`${path}.part`, textOf(recording));
  renameSync(`${path}.part`, path);
}

function textOf({ header, entries }: Recording): string {
  const lines = [{ ...header, entries: entries.length }, ...entries].map((line) => JSON.stringify(line));
  return `${lines.join('\n')}\n`;
}

/**
 * Reads a stored recording.
 * @throws LabError `LAB_JOURNAL_BROKEN` naming file and line when it is missing, half-written or not a journal, and when entries are
 * missing, doubled or out of order: each has its number, and none is earlier than the one before.
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
  if (header === undefined || !isHeader(header)) throw broken(path, 'has no version 1 header in line 1');
  const mistake = mistakeIn(header, entries);
  if (mistake !== undefined) throw broken(path, mistake);
  return { header, entries: entries as unknown as Entry[] };
}

function isHeader(value: object): value is JournalHeader {
  const header = value as Partial<JournalHeader>;
  return header.journal === 1 && typeof header.checks === 'object' && header.checks !== null;
}

/** What is wrong with the entries, each of which was written with its number and after the one before. */
function mistakeIn(header: JournalHeader, entries: readonly Record<string, unknown>[]): string | undefined {
  let before = Number.NEGATIVE_INFINITY;
  for (const [index, { n, t, kind }] of entries.entries()) {
    const line = index + 2;
    if (typeof n !== 'number' || typeof t !== 'number' || typeof kind !== 'string')
      return `line ${line} is no entry: it has no number, time or kind`;
    if (n !== index + 1) return `line ${line} has entry ${n} where ${index + 1} belongs`;
    if (t < before) return `line ${line} has an entry that is earlier than the one before it`;
    before = t;
  }
  if (header.entries === undefined || header.entries === entries.length) return undefined;
  return `has ${entries.length} of the ${header.entries} entries that it was written with`;
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
