/**
 * Plays a scenario with no mutant in force, in a copy whose services are marked: what it reaches, how long it takes, and which
 * checks it has. A scenario that is not as expected now could not notice anything.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { copyProject, type ScratchCopy } from '../scratch-copy.ts';
import type { Instrumented } from './instrument.ts';
import { type Ended, type JudgedScenario, judge } from './judge.ts';
import type { Stage, StageName } from './stage.ts';

/** What a scenario came to without a mutant. */
export interface DryRun {
  readonly stage: StageName;
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
export async function dryRun(
  stage: Stage,
  copy: ScratchCopy,
  scenario: string,
  signal: AbortSignal,
): Promise<DryRun> {
  const directory = join(copy.directory, 'reached');
  await rm(directory, { recursive: true, force: true });
  let played = await stage.run(copy, [scenario], signal);
  if (!wasAsExpected(played)) played = await stage.run(copy, [scenario], signal);
  const result = played.run?.scenarios.find(({ id }) => id === scenario);
  const asExpected = wasAsExpected(played);
  return {
    stage: stage.name,
    scenario,
    asExpected,
    ...(asExpected ? {} : { trouble: troubleOf(played) }),
    durationMs: result?.durationMs ?? 0,
    reached: await readReached(directory),
    checks: checksOf(result, () => true),
    failedByNaive: checksOf(result, ({ expected, outcome }) => expected === 'fail' && outcome === 'fail'),
  };
}

const wasAsExpected = ({ code, run }: Ended): boolean =>
  code === 0 && (run?.scenarios.every(({ asExpected }) => asExpected) ?? false);

function troubleOf(ended: Ended): string {
  const { failures, notes } = judge(ended);
  const failed = failures.map(({ check, measured }) => `${check}: ${measured}`);
  return [...failed, ...notes, ...ended.output.trim().split('\n').slice(-12)].join('\n');
}

function checksOf(
  result: JudgedScenario | undefined,
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
