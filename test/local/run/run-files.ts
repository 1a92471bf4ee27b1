/**
 * What a run left, with wall-clock times taken out, so that two runs of the same seed can be held against each other. A machine that stood
 * still has left entries, which shift the numbers of all others.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

const times = new Set(['startedAt', 'durationMs', 'tookMs', 't', 'labStart']);
const ofStalls = new Set(['stalledMs', 'firstTry']);

/** `run.json` and the journals below `directory`, by path, without times and the run's id, which is one. */
export async function timelessRun(directory: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  const numbers = new Map<string, Map<number, number>>();
  const paths = await filesOf(directory);
  for (const path of paths.filter((name) => name.endsWith('.ndjson'))) {
    const text = await readFile(join(directory, path), 'utf8');
    const [header, ...entries] = text
      .trim()
      .split('\n')
      .filter(isNoStall)
      .map(timeless<Numbered>);
    numbers.set(path, new Map(entries.map(({ n }, index) => [n, index + 1])));
    found[path] = [
      { ...header, entries: entries.length },
      ...entries.map((entry, index) => ({ ...entry, n: index + 1 })),
    ];
  }
  for (const path of paths) {
    const text = await readFile(join(directory, path), 'utf8');
    if (path.endsWith('run.json')) found[path] = renumbered({ ...timeless<Run>(text), id: '' }, numbers);
    if (/\.(xml|md)$/.test(path)) found[path] = withoutTimes(withoutSecondTries(text));
  }
  return found;
}

interface Numbered {
  readonly n: number;
}

interface Run {
  readonly scenarios: readonly { readonly subjects: readonly Subject[] }[];
}

interface Subject {
  readonly journal: string;
  readonly checks: readonly { readonly evidence: readonly number[] }[];
}

/** The run with evidence by the numbers that entries have without those of stalls. */
function renumbered(
  run: Run & { readonly id: string },
  numbers: ReadonlyMap<string, ReadonlyMap<number, number>>,
): unknown {
  const ofSubject = (subject: Subject): Subject => ({
    ...subject,
    checks: subject.checks.map((check) => ({
      ...check,
      evidence: check.evidence.map((n) => numbers.get(subject.journal)?.get(n) ?? n),
    })),
  });
  return {
    ...run,
    scenarios: run.scenarios.map((scenario) => ({ ...scenario, subjects: scenario.subjects.map(ofSubject) })),
  };
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
    return times.has(key) ? 0 : value;
  }) as T;
}

/** A report without what it tells of scenarios that were played again because the machine had stood still. */
function withoutSecondTries(text: string): string {
  return text
    .replace(/### Played again alone\n\n(?:- .*\n)+\n/, '')
    .replaceAll(/, \d+ played again alone/g, '')
    .replaceAll(/^at first, while this machine stood still, .*; played again alone\n/gm, '');
}

function withoutTimes(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d/g, 'START')
    .replaceAll(/time="[\d.]+"/g, 'time=""')
    .replaceAll(/\d+ min \d+ s\b|[\d.]+ m?s\b/g, 'TIME');
}
