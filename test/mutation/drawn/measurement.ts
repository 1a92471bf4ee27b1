/**
 * What a measurement has so far, in a directory: a result is written when it is there, so that a measurement that was stopped
 * or killed goes on where it was.
 */
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { DryRun } from './dry-run.ts';
import type { MutantResult } from './play.ts';
import type { Sample } from './sample.ts';

/** What is measured. Results of another plan say nothing about this one. */
export interface Plan {
  /** Of the code; see `fingerprint`. */
  readonly code: string;
  readonly paths: readonly string[];
  readonly seed: number;
  readonly size: number;
}

/** Lines that are added one by one. */
export interface Lines<T> {
  readonly all: readonly T[];
  add(line: T): Promise<void>;
}

/** A measurement on its way. */
export interface Measurement {
  readonly directory: string;
  readonly dryRuns: Lines<DryRun>;
  readonly results: Lines<MutantResult>;
  /** The sample that was drawn, or the one that `draw` makes now. */
  sample(draw: () => Promise<Sample>): Promise<Sample>;
  /** Writes the end product, by its name. */
  finish(files: Readonly<Record<string, string>>): Promise<void>;
}

/** Begins a measurement in `directory`, or goes on with the one there. Throws when it is another one, or unfinished. */
export async function openMeasurement(
  directory: string,
  plan: Plan,
  { resume }: { readonly resume: boolean },
): Promise<Measurement> {
  const file = (name: string): string => join(directory, name);
  const [earlier, report] = await Promise.all([
    readJson<Plan>(file('plan.json')),
    readText(file('report.json')),
  ]);
  if (resume && earlier !== undefined && !isDeepStrictEqual(earlier, plan)) throw anotherPlan(directory);
  if (!resume && earlier !== undefined && report === undefined) throw unfinished(directory);
  const goesOn = resume && earlier !== undefined;
  await mkdir(directory, { recursive: true });
  if (!goesOn) for (const name of ['sample.json', 'report.json']) await rm(file(name), { force: true });
  await writeFile(file('plan.json'), `${JSON.stringify(plan, null, 2)}\n`);
  const drawn = goesOn ? await readJson<Sample>(file('sample.json')) : undefined;
  return {
    directory,
    // What scenarios reach depends on the code alone; one that was not as expected has another try.
    dryRuns: await openLines<DryRun>(
      file('dry-runs.ndjson'),
      ({ asExpected }) => earlier?.code === plan.code && asExpected,
    ),
    results: await openLines<MutantResult>(file('results.ndjson'), () => goesOn),
    async sample(draw) {
      const sample = drawn ?? (await draw());
      await writeFile(file('sample.json'), JSON.stringify(sample));
      return sample;
    },
    async finish(files) {
      for (const [name, text] of Object.entries(files)) await writeFile(file(name), text);
    },
  };
}

/** Keeps what is there and wanted; the last line of a process that was killed may be a part of one, and is dropped. */
async function openLines<T>(path: string, isWanted: (line: T) => boolean): Promise<Lines<T>> {
  const text = (await readText(path)) ?? '';
  const all = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
    .filter(isWanted);
  await writeFile(path, all.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return {
    all,
    async add(line) {
      all.push(line);
      await appendFile(path, `${JSON.stringify(line)}\n`);
    },
  };
}

const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

const anotherPlan = (directory: string): Error =>
  new RangeError(
    `${directory} has a measurement of other code, or by other options: name another --out, or remove it`,
  );

const unfinished = (directory: string): Error =>
  new RangeError(
    `${directory} has a measurement that is not finished: go on with --resume, name another --out, or remove it`,
  );
