/**
 * `history.ndjson`: one line for each finished run of a directory of reports. Many processes may append at once and none waits
 * for another, so a line is one write at the end of the file, and what has grown too long is moved aside under a name of its own.
 */
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../../errors.ts';
import { parsePastRun } from './parse-past-run.ts';
import type { PastRun } from './past-run.ts';

/** Where a directory of reports keeps its history. */
export const historyFile = 'history.ndjson';

/** What the history may take up. */
export interface HistoryLimits {
  /** A file that would grow beyond this is moved aside. */
  readonly fileBytes: number;
  /** Files moved aside are kept, newest first, while they take up no more than this. */
  readonly keptBytes: number;
}

const usualLimits: HistoryLimits = Object.freeze({ fileBytes: 8 * 2 ** 20, keptBytes: 8 * 2 ** 20 });

/** The runs of a directory, oldest first, and a sentence for each file in which something was skipped. */
export interface History {
  readonly runs: readonly PastRun[];
  readonly skipped: readonly string[];
}

/**
 * Appends `run` to the history in `directory`.
 * @throws LabError as `fileError` does; what stood in the history stays
 */
export async function appendHistory(
  directory: string,
  run: PastRun,
  limits: HistoryLimits = usualLimits,
): Promise<void> {
  const path = join(directory, historyFile);
  const line = Buffer.from(`${JSON.stringify(run)}\n`);
  try {
    await makeRoom(directory, run.id, line.length, limits);
    await using file = await open(path, 'a+');
    const whole = (await endsWithLine(file)) ? line : Buffer.concat([Buffer.from('\n'), line]);
    const { bytesWritten } = await file.write(whole);
    if (bytesWritten < whole.length) throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
  } catch (cause) {
    throw fileError(cause, path);
  }
}

/** Reads the history in `directory`; there is none where nothing was run yet. @throws LabError as `fileError` does */
export async function readHistory(directory: string): Promise<History> {
  const runs: PastRun[] = [];
  const skipped: string[] = [];
  for (const name of [...(await movedAside(directory)), historyFile]) {
    const text = await readFile(join(directory, name), 'utf8').catch(absent(join(directory, name)));
    const lines = text.split('\n');
    const found = lines.flatMap((line) => parsePastRun(line) ?? []);
    runs.push(...found);
    const note = whatWasSkipped(lines, found.length);
    if (note !== '') skipped.push(`${name}: ${note}`);
  }
  return { runs, skipped };
}

function whatWasSkipped(lines: readonly string[], read: number): string {
  const last = lines.at(-1) ?? '';
  const broken = lines.filter((line) => line.trim() !== '').length - read;
  const half = last.trim() !== '' && parsePastRun(last) === undefined ? 1 : 0;
  const others = broken - half;
  return [
    half === 1 ? 'the last line is half-written and was skipped' : '',
    others > 0
      ? `${others} other ${others === 1 ? 'line that is' : 'lines that are'} no run of this version skipped`
      : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/** A line that a killed process left half-written must not swallow the next one. */
async function endsWithLine(file: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}

/**
 * Moves a full file aside. Whoever has it open still writes into it there, and two that move at once move to different names, so
 * no line is lost but the oldest.
 */
async function makeRoom(directory: string, id: string, bytes: number, limits: HistoryLimits): Promise<void> {
  const path = join(directory, historyFile);
  const size = await sizeOf(path);
  if (size === 0 || size + bytes <= limits.fileBytes) return;
  await rename(path, join(directory, `history-until-${id}.${process.pid}.ndjson`)).catch(absent(path));
  let kept = 0;
  for (const name of (await movedAside(directory)).reverse()) {
    kept += await sizeOf(join(directory, name));
    if (kept > limits.keptBytes) await rm(join(directory, name), { force: true });
  }
}

/** Names of the files that were moved aside, oldest first: their names begin with a time. */
async function movedAside(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => /^history-until-.*\.ndjson$/.test(name)).toSorted();
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Nothing, for a file that is not there. */
const absent =
  (path: string) =>
  (cause: unknown): string => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    throw fileError(cause, path);
  };
