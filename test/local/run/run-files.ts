/**
 * What a run left, with wall-clock times taken out, so that two runs of the same seed can be held against each other. A machine that stood
 * still has left entries, which shift the numbers of all others.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

const times = new Set(['startedAt', 'durationMs', 'tookMs', 't', 'labStart', 'n', 'entries']);
const ofStalls = new Set(['stalledMs', 'firstTry']);

/** `run.json` and the journals below `directory`, by path, without times and the run's id, which is one. */
export async function timelessRun(directory: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const path of await filesOf(directory)) {
    const text = await readFile(join(directory, path), 'utf8');
    if (path.endsWith('run.json')) found[path] = { ...timeless<object>(text), id: '' };
    if (path.endsWith('.ndjson')) found[path] = text.trim().split('\n').filter(isNoStall).map(timeless);
    if (/\.(xml|md)$/.test(path)) found[path] = withoutTimes(text);
  }
  return found;
}

/** The paths of all files below `directory`, in order. */
export async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1)).toSorted();
}

/** A digest of every file below `directory`; of a link to a directory, of where it points. */
export async function digests(directory: string): Promise<Record<string, string>> {
  const paths = await filesOf(directory);
  const pairs = paths.map(async (path) => {
    const content = await readFile(join(directory, path)).catch(() => readlink(join(directory, path)));
    return [path, createHash('sha256').update(content).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

const isNoStall = (line: string): boolean => !line.includes('"kind":"lab.stall"');

function timeless<T>(text: string): T {
  return JSON.parse(text, (key, value) => {
    if (ofStalls.has(key)) return undefined;
    if (key === 'evidence') return (value as unknown[]).length;
    return times.has(key) ? 0 : value;
  }) as T;
}

function withoutTimes(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d/g, 'START')
    .replaceAll(/time="[\d.]+"/g, 'time=""')
    .replaceAll(/\d+ min \d+ s\b|[\d.]+ m?s\b/g, 'TIME');
}
