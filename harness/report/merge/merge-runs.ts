/**
 * The shards of a run as the run that they are parts of: what an unsharded run would have left, but for times.
 */
import { runId } from '../run-id.ts';
import type { NotApplicable, RunResult } from '../run-result.ts';
import { runOutcome } from '../scenario-outcome.ts';
import { type JournalCopy, planCopies } from './plan-copies.ts';
import { refuseMisfits } from './refuse-misfits.ts';
import type { PlacedScenario, StoredRun } from './stored-run.ts';

export interface Merged {
  readonly run: RunResult;
  /** The journals to copy, in the order of the merged run's scenarios. */
  readonly copies: readonly JournalCopy[];
}

/**
 * Merges `parts`, which must be one run's: same seed, world, pace, versions and subject, every shard once. Scenarios and claims stand in the
 * order of the whole run where the parts say which that is, else in the order given. The duration is the sum of the parts': what
 * one machine would have taken, whenever and wherever the parts were run.
 * @throws LabError `LAB_BAD_INPUT` for parts that do not belong together, naming the first two that differ and in what
 */
export function mergeRuns(parts: readonly StoredRun[]): Merged {
  const [first] = refuseMisfits(parts);
  const { version, seed, world, pace, versions, subject } = first.run;
  const notApplicable = notApplicableIn(parts);
  const startedMs = Math.min(...parts.map(({ run }) => Date.parse(run.startedAt)));
  const placed = inOrder(parts.flatMap(({ directory, run }) => placedScenarios(directory, run)));
  const { copies, scenarios } = planCopies(placed);
  const run: RunResult = {
    version,
    id: runId(startedMs, seed),
    seed,
    world,
    pace,
    startedAt: new Date(startedMs).toISOString(),
    durationMs: parts.reduce((sum, part) => sum + part.run.durationMs, 0),
    versions,
    outcome: runOutcome(parts.map((part) => part.run)),
    scenarios,
    claims: inOrder(parts.flatMap((part) => placedClaims(part.run))).map(({ claim }) => claim),
    ...(subject === undefined ? {} : { subject }),
    ...(notApplicable.length === 0 ? {} : { notApplicable }),
  };
  return { run, copies };
}

/** Each once: every part names what was left out before the run was divided. */
function notApplicableIn(parts: readonly StoredRun[]): NotApplicable[] {
  const all = parts.flatMap(({ run }) => run.notApplicable ?? []);
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

function placedScenarios(directory: string, { scenarios, shard }: RunResult): PlacedScenario[] {
  return scenarios.map((scenario, index) => ({ place: shard?.places[index] ?? 0, directory, scenario }));
}

function placedClaims({ claims, shard }: RunResult): { place: number; claim: RunResult['claims'][number] }[] {
  return claims.map((claim, index) => ({ place: shard?.claimPlaces[index] ?? 0, claim }));
}

/** Equal places keep their order. */
const inOrder = <Item extends { readonly place: number }>(items: readonly Item[]): Item[] =>
  items.toSorted((a, b) => a.place - b.place);
