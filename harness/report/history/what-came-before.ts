/**
 * What of the history a run is held against: the run before it, and how steady each of its scenarios was of late.
 */
import type { PastRun } from './past-run.ts';

/** Kept beside the run, so that its reports can be written again when the history is gone. */
export interface Before {
  readonly version: 1;
  /** The run before; absent where there was none like it. */
  readonly previous?: PastRun;
  /** Whether each scenario of this run was as expected in its last runs of the same world and pace, the oldest first. */
  readonly recent: Readonly<Record<string, readonly boolean[]>>;
}

/** How many runs of a scenario say how steady it is. */
const recentRuns = 20;

/**
 * Finds what came before `run` in `history`, which is in order of time. Runs of another world or pace do not count, nor do the
 * parts of a merged run beside it. The run before is the last one that shares more than half of all the scenarios of both: after
 * a run of a single scenario, the rest is not new.
 */
export function whatCameBefore(run: PastRun, history: readonly PastRun[]): Before {
  const merged = new Set([run, ...history].flatMap(({ parts = [] }) => parts));
  const earlier = history
    .filter(({ id, world, pace }) => id !== run.id && world === run.world && pace === run.pace)
    .filter(({ id, startedAt }) => !merged.has(id) && startedAt <= run.startedAt)
    .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
  const previous = earlier.find((other) => isAlike(run, other));
  const recent = run.scenarios.map(({ id }) => [id, recently(id, earlier)] as const);
  return {
    version: 1,
    ...(previous === undefined ? {} : { previous }),
    recent: Object.fromEntries(recent.filter(([, results]) => results.length > 0)),
  };
}

function isAlike(a: PastRun, b: PastRun): boolean {
  const ids = new Set(a.scenarios.map(({ id }) => id));
  const others = new Set(b.scenarios.map(({ id }) => id));
  return ids.intersection(others).size * 2 > ids.union(others).size;
}

/** `earlier` has the newest run first. */
function recently(id: string, earlier: readonly PastRun[]): boolean[] {
  return earlier
    .flatMap(({ scenarios }) => scenarios.find((scenario) => scenario.id === id) ?? [])
    .slice(0, recentRuns - 1)
    .map(({ asExpected }) => asExpected)
    .toReversed();
}
