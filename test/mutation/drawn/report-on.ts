/** Puts a report together from what a measurement has. */
import type { CheckOfScenario } from '../mutant.ts';
import type { DryRun } from './dry-run.ts';
import type { Instrumented } from './instrument.ts';
import { isNoticed, type Outcome } from './judge.ts';
import { entryFor } from './match-equivalents.ts';
import { type DrawnMutant, diffOf, placeOf } from './mutant.ts';
import { neverFailed } from './never-failed.ts';
import type { MutantResult } from './play.ts';
import { figuresOf, type PlayedMutant, type Report } from './report.ts';
import type { Sample } from './sample.ts';

/** All that a report is made from. */
export interface Measured {
  readonly paths: readonly string[];
  readonly seed: number;
  readonly instrumented: Pick<Instrumented, 'mutants' | 'wording'>;
  /** The mutants from which the sample was drawn. */
  readonly population: readonly DrawnMutant[];
  readonly sample: Sample;
  /** Why mutants are equivalent, by their ids. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly dryRuns: readonly DryRun[];
  readonly results: readonly MutantResult[];
  /** The checks that are known to notice a planted mutant. */
  readonly noticePlanted: readonly CheckOfScenario[];
  textOf(file: string): string;
}

/** The report. A member that was found equivalent since it was drawn counts no more. */
export function reportOn(measured: Measured): Report {
  const { paths, seed, instrumented, population, sample, dryRuns, results, noticePlanted } = measured;
  const mutants = sample.mutants.flatMap((mutant) => playedMutant(mutant, measured));
  const refusals = (by: string) => sample.refused.filter((refusal) => refusal.by === by);
  const noticeDrawn = results.flatMap(({ failures }) => failures);
  return {
    seed,
    paths,
    ...figuresOf(mutants),
    mutants,
    population: population.length,
    unreached: unreachedOf(population, dryRuns),
    wording: instrumented.wording,
    refusedByCompiler: refusals('compiler').length,
    equivalentsMet: refusals('review').map(({ mutant, because }) => ({ place: placeOf(mutant), because })),
    unsteady: mutants.flatMap(({ unsteady }) => unsteady).length,
    leftOut: dryRuns
      .filter(({ asExpected }) => !asExpected)
      .map(({ stage, scenario, trouble = '' }) => ({ stage, scenario, trouble })),
    neverFailed: neverFailed({ dryRuns, failures: [...noticePlanted, ...noticeDrawn] }),
  };
}

function playedMutant(
  mutant: DrawnMutant,
  { reasons, results, instrumented, textOf }: Measured,
): PlayedMutant[] {
  const diff = diffOf(textOf(mutant.file), mutant);
  const because = reasons.get(mutant.id);
  const inStages = results.filter(({ id }) => id === mutant.id);
  if (because !== undefined) {
    const nothing = { failures: [], unsteady: [], notes: [], stages: [] };
    return [{ mutant, diff, ...nothing, outcome: 'equivalent', because }];
  }
  if (inStages.length === 0) return [];
  const found = together(inStages);
  if (isNoticed(found.outcome)) return [{ mutant, diff, ...found }];
  return [{ mutant, diff, ...found, entry: entryFor(mutant, instrumented.mutants, textOf) }];
}

/**
 * What came of a mutant in all stages: what the one said that noticed it, or else the last one that reached it, whose sockets and
 * clock are the most real.
 */
function together(
  results: readonly MutantResult[],
): Pick<PlayedMutant, 'failures' | 'unsteady' | 'notes' | 'stages'> & { outcome: Outcome } {
  const decides =
    results.find(({ outcome }) => isNoticed(outcome)) ??
    results.findLast(({ outcome }) => outcome !== 'not reached');
  return {
    outcome: decides?.outcome ?? 'not reached',
    failures: decides?.failures ?? [],
    unsteady: results.flatMap(({ unsteady }) => unsteady),
    notes: results.flatMap(({ stage, notes }) => notes.map((note) => `${stage}: ${note}`)),
    stages: results.map(({ stage, outcome, reachedBy, played, durationMs }) => ({
      stage,
      outcome,
      reachedBy,
      played,
      durationMs,
    })),
  };
}

/** How many mutants of each file no scenario reaches. */
function unreachedOf(population: readonly DrawnMutant[], dryRuns: readonly DryRun[]): Report['unreached'] {
  const reached = new Set(dryRuns.flatMap((dryRun) => dryRun.reached));
  return [...Map.groupBy(population, ({ file }) => file)]
    .map(([file, its]) => ({
      file,
      unreached: its.filter(({ id }) => !reached.has(id)).length,
      of: its.length,
    }))
    .filter(({ unreached }) => unreached > 0);
}
