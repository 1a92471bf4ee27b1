/**
 * Plays a scenario with no mutant in force, in a copy whose services are marked: what it reaches, how long it takes, and which
 * checks it has. A scenario that is not as expected now could not notice anything.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ScenarioResult } from '../../../harness/report/run-result.ts';
import { copyProject, type ScratchCopy, type ScratchRun } from '../scratch-copy.ts';
import type { Instrumented } from './instrument.ts';

/** What a scenario came to without a mutant. */
export interface DryRun {
  readonly scenario: string;
  readonly asExpected: boolean;
  /** Why it was not as expected: the last lines of the output. */
  readonly trouble?: string;
  /** Wall-clock milliseconds of the scenario itself. */
  readonly durationMs: number;
  /** Ids of the mutants that it reaches. */
  readonly reached: readonly string[];
  /** Ids of its checks, standing ones included. */
  readonly checks: readonly string[];
  /** Those that the naive subject failed. */
  readonly failedByNaive: readonly string[];
}

/** A copy with marked services. */
export async function copyMarked({ files }: Instrumented): Promise<ScratchCopy> {
  const copy = await copyProject();
  const recorder = 'services/recorder.ts';
  await copy.write(recorder, await readFile(join(import.meta.dirname, 'recorder.ts'), 'utf8'));
  for (const { file, text } of files)
    await copy.write(file, `import '${importPath(file, recorder)}';\n${text}`);
  return copy;
}

/** Plays `scenario` in the copy, once more if it is not as expected. */
export async function dryRun(copy: ScratchCopy, scenario: string, signal: AbortSignal): Promise<DryRun> {
  const directory = join(copy.directory, 'reached');
  await rm(directory, { recursive: true, force: true });
  let played = await copy.run([scenario], signal);
  if (played.code !== 0) played = await copy.run([scenario], signal);
  return toDryRun(scenario, played, await readReached(directory));
}

function toDryRun(scenario: string, { code, output, run }: ScratchRun, reached: readonly string[]): DryRun {
  const result = run?.scenarios.find(({ id }) => id === scenario);
  return {
    scenario,
    asExpected: code === 0,
    ...(code === 0 ? {} : { trouble: output.trim().split('\n').slice(-12).join('\n') }),
    durationMs: result?.durationMs ?? 0,
    reached,
    checks: checksOf(result, () => true),
    failedByNaive: checksOf(result, ({ expected, outcome }) => expected === 'fail' && outcome === 'fail'),
  };
}

function checksOf(
  result: ScenarioResult | undefined,
  wanted: (check: { expected: string; outcome: string }) => boolean,
): string[] {
  const ids = (result?.subjects ?? []).flatMap(({ expected, checks }) =>
    checks.filter(({ outcome }) => wanted({ expected, outcome })).map(({ id }) => id),
  );
  return [...new Set(ids)];
}

/** What all processes wrote down; none did where no file is marked. */
async function readReached(directory: string): Promise<string[]> {
  const files = await readdir(directory).catch(() => []);
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
  const ids = new Set(texts.flatMap((text) => text.split('\n')).filter((id) => id !== ''));
  return [...ids].toSorted((a, b) => Number(a) - Number(b));
}

function importPath(from: string, to: string): string {
  const path = relative(dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}
