/**
 * Plays a mutant against the scenarios that reach it, until one notices: a few that are most about its file first, then
 * more at a time, since each run of the lab has a start to pay for. Who noticed is asked once more, alone: a check that fails
 * because the machine was late would count for the lab otherwise.
 */
import type { ScratchCopy } from '../scratch-copy.ts';
import type { DryRun } from './dry-run.ts';
import { type Failure, isNoticed, type Judgement, judge, type Outcome, outcomes } from './judge.ts';
import { applyTo, type DrawnMutant } from './mutant.ts';
import type { Stage, StageName } from './stage.ts';

/** What came of a mutant in a stage. */
export interface MutantResult {
  readonly id: string;
  readonly stage: StageName;
  readonly outcome: Outcome;
  /** The checks of the scenario that noticed, which failed both times. */
  readonly failures: readonly Failure[];
  /** Those that failed once, and not again. */
  readonly unsteady: readonly Failure[];
  readonly notes: readonly string[];
  /** How many scenarios reach it, and how many of them were played. */
  readonly reachedBy: number;
  readonly played: number;
  /** Wall-clock milliseconds. */
  readonly durationMs: number;
}

/** What to play, and how. */
export interface PlayOptions {
  readonly stage: Pick<Stage, 'name' | 'batchSizes' | 'run'>;
  readonly scenarios: readonly string[];
  readonly signal: AbortSignal;
  /** The time, ms. */
  now(): number;
}

/** Plays `mutant` in `copy`. */
export async function play(
  copy: ScratchCopy,
  mutant: DrawnMutant,
  { stage, scenarios, signal, now }: PlayOptions,
): Promise<MutantResult> {
  const begun = now();
  const run: Run = async (batch) => judge(await stage.run(copy, batch, signal));
  const judgements: Confirmed[] = [];
  let played = 0;
  await using _edit = await edited(copy, mutant);
  for (const batch of batchesOf(scenarios, stage.batchSizes)) {
    const judgement = await confirm(await run(batch), run);
    judgements.push(judgement);
    played += batch.length;
    if (isNoticed(judgement.outcome)) break;
  }
  return {
    id: mutant.id,
    stage: stage.name,
    outcome: outcomes.find((best) => judgements.some(({ outcome }) => outcome === best)) ?? 'not reached',
    failures: judgements.flatMap(({ failures }) => failures),
    unsteady: judgements.flatMap(({ unsteady }) => unsteady),
    notes: judgements.flatMap(({ notes }) => notes),
    reachedBy: scenarios.length,
    played,
    durationMs: Math.round(now() - begun),
  };
}

/** Puts a mutant into the copy; disposal takes it out again. */
async function edited(copy: ScratchCopy, mutant: DrawnMutant): Promise<AsyncDisposable> {
  let before = '';
  await copy.edit(mutant.file, (text) => {
    before = text;
    return applyTo(text, mutant);
  });
  return { [Symbol.asyncDispose]: () => copy.edit(mutant.file, () => before) };
}

type Run = (scenarios: readonly string[]) => Promise<Judgement>;
type Confirmed = Judgement & Pick<MutantResult, 'unsteady'>;

/** Plays the scenarios that noticed once more, one by one, until one of their checks fails again. */
async function confirm(first: Judgement, run: Run): Promise<Confirmed> {
  if (!isNoticed(first.outcome)) return { ...first, unsteady: [] };
  const unsteady: Failure[] = [];
  for (const [scenario, once] of Map.groupBy(first.failures, (failure) => failure.scenario)) {
    const again = await run([scenario]);
    const failures = again.failures.filter(({ check }) => once.some((failure) => failure.check === check));
    if (isNoticed(again.outcome) && failures.length > 0) return { ...again, failures, unsteady };
    unsteady.push(...once);
  }
  return { outcome: 'survived', failures: [], unsteady, notes: first.notes };
}

function batchesOf(scenarios: readonly string[], batchSizes: readonly number[]): string[][] {
  const ends = batchSizes.map((_, index) => batchSizes.slice(0, index + 1).reduce((sum, size) => sum + size));
  const borders = [0, ...ends, scenarios.length];
  return borders
    .slice(1)
    .map((end, index) => scenarios.slice(borders[index], end))
    .filter((batch) => batch.length > 0);
}

/**
 * The scenarios that reach a mutant: those first that reach little but its file, and the short ones among equals. `mates` are
 * the ids of its file's mutants.
 */
export function scenariosFor(
  { id }: DrawnMutant,
  mates: ReadonlySet<string>,
  dryRuns: readonly DryRun[],
): string[] {
  const share = ({ reached }: DryRun): number =>
    reached.filter((other) => mates.has(other)).length / reached.length;
  return dryRuns
    .filter(({ asExpected, reached }) => asExpected && reached.includes(id))
    .toSorted((a, b) => share(b) - share(a) || a.durationMs - b.durationMs)
    .map(({ scenario }) => scenario);
}
