/** Plays all that is not played yet, some at a time, each in a copy of the project of its own. */
import { systemClock } from '../../../proxy/core/clock.ts';
import { copyProject, type ScratchCopy } from '../scratch-copy.ts';
import { copyMarked, type DryRun, dryRun } from './dry-run.ts';
import type { Instrumented } from './instrument.ts';
import type { Lines } from './measurement.ts';
import { type DrawnMutant, placeOf } from './mutant.ts';
import { type MutantResult, play, scenariosFor } from './play.ts';
import { copyOf } from './sources.ts';
import type { Stage } from './stage.ts';

/** What the command gives: its end, and where to tell how far the work is. */
export interface Around {
  readonly signal: AbortSignal;
  announce(line: string): void;
}

/** How to go about it: how many at a time, and the fingerprint of the code that is measured. */
export interface Jobs {
  readonly jobs: number;
  readonly code: string;
}

/** Plays each scenario of a stage once without a mutant. */
export async function playDry(
  stage: Stage,
  done: Lines<DryRun>,
  instrumented: Instrumented,
  { jobs, code }: Jobs,
  { signal, announce }: Around,
): Promise<void> {
  const all = await stage.plays();
  const isDone = (id: string): boolean =>
    done.all.some((dry) => dry.stage === stage.name && dry.scenario === id);
  const ids = all.filter((id) => !isDone(id));
  let number = all.length - ids.length;
  await inCopies(ids, jobs, {
    copy: () => copyOf(code, () => copyMarked(instrumented)),
    async work(copy, id) {
      const result = await dryRun(stage, copy, id, signal);
      await done.add(result);
      const { asExpected, reached, durationMs } = result;
      const outcome = asExpected ? 'as expected' : 'NOT as expected: it is left out';
      number += 1;
      announce(
        `${stage.name}: dry run ${number}/${all.length}  ${id}: ${outcome}, ${inSeconds(durationMs)}, reaches ${reached.length}`,
      );
    },
  });
}

/** What to play: members of the sample among all mutants, and what the scenarios of the stage reach. */
export interface Playing {
  readonly members: readonly DrawnMutant[];
  readonly all: readonly DrawnMutant[];
  readonly dryRuns: readonly DryRun[];
}

/** Plays each member in a stage. */
export async function playMutants(
  stage: Stage,
  done: Lines<MutantResult>,
  { members, all, dryRuns }: Playing,
  { jobs, code }: Jobs,
  { signal, announce }: Around,
): Promise<void> {
  const clock = systemClock();
  const files = Map.groupBy(all, ({ file }) => file);
  const left = members.filter(
    (mutant) => !done.all.some((result) => result.stage === stage.name && result.id === mutant.id),
  );
  let number = members.length - left.length;
  await inCopies(left, jobs, {
    copy: () => copyOf(code, copyProject),
    async work(copy, mutant) {
      const mates = new Set(files.get(mutant.file)?.map(({ id }) => id));
      const scenarios = scenariosFor(mutant, mates, dryRuns);
      const result = await play(copy, mutant, { stage, scenarios, signal, now: () => clock.now() });
      await done.add(result);
      number += 1;
      announce(`${stage.name}: ${number}/${members.length}  ${lineOf(mutant, result)}`);
    },
  });
}

function lineOf(mutant: DrawnMutant, { outcome, failures, durationMs }: MutantResult): string {
  const [first] = failures;
  const by = first === undefined ? '' : `  ${first.scenario}: ${first.check}`;
  return `${outcome.padEnd(12)}  ${placeOf(mutant)} ${mutant.mutator}${by}  ${inSeconds(durationMs)}`;
}

const inSeconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** How to work in copies. */
interface Work<T> {
  copy(): Promise<ScratchCopy>;
  work(copy: ScratchCopy, item: T): Promise<void>;
}

/** Takes the items in their order, `jobs` at a time. The first error ends all, once each has put its copy away. */
async function inCopies<T>(items: readonly T[], jobs: number, { copy, work }: Work<T>): Promise<void> {
  const queue = [...items];
  let failed = false;
  const worker = async (): Promise<void> => {
    await using own = await copy();
    for (let item = queue.shift(); item !== undefined && !failed; item = queue.shift()) await work(own, item);
  };
  const workers = Array.from({ length: Math.min(jobs, items.length) }, () =>
    worker().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
