/**
 * What changed from one run to another: new failures first, since they are what one looks for.
 */
import type { Outcome, RunOutcome } from '../run-result.ts';
import { compareDurations, type Durations } from './compare-durations.ts';
import type { PastRun, PastScenario } from './past-run.ts';
import type { Before } from './what-came-before.ts';

export interface Changes {
  /** The id of the earlier run. */
  readonly since: string;
  /** The id of the later run. */
  readonly run: string;
  /** Scenarios in both runs. */
  readonly compared: number;
  /** What else differs: another seed explains another draw, another version perhaps all of it. */
  readonly conditions: readonly Condition[];
  /** Scenarios that came to something worse, or are new and not as expected. */
  readonly newFailures: readonly ScenarioChange[];
  /** Scenarios that are as expected again. */
  readonly mended: readonly ScenarioChange[];
  /** Scenarios that are as before or were unexpected and prove nothing now, of which some check came to something else. */
  readonly otherChecks: readonly ScenarioChange[];
  /** Ids of scenarios that only the later run has; those not as expected stand among the new failures as well. */
  readonly added: readonly string[];
  /** Ids of scenarios that only the earlier run has. */
  readonly gone: readonly string[];
  /** Absent between runs of different worlds or paces, which do not take equally long. */
  readonly durations?: Durations;
}

export interface Condition {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

export interface ScenarioChange {
  readonly id: string;
  /** Absent for a scenario that is new. */
  readonly before?: RunOutcome;
  readonly after: RunOutcome;
  readonly checks: readonly CheckChange[];
}

/** A check that came to something else; an outcome is absent where it was not run. */
export interface CheckChange {
  readonly subject: string;
  readonly check: string;
  readonly before?: Outcome;
  readonly after?: Outcome;
}

/** A scenario that is as expected at some times and not at others. */
export interface Unsteady {
  readonly id: string;
  readonly notAsExpected: number;
  readonly runs: number;
}

const badness: Record<RunOutcome, number> = { expected: 0, inconclusive: 1, unexpected: 2 };

/** What changed from `before` to `after`. */
export function compareRuns(before: PastRun, after: PastRun): Changes {
  const earlier = new Map(before.scenarios.map((scenario) => [scenario.id, scenario]));
  const later = new Map(after.scenarios.map((scenario) => [scenario.id, scenario]));
  const changes = after.scenarios.map((scenario) => changeOf(earlier.get(scenario.id), scenario));
  const known = changes.filter((change) => change.before !== undefined);
  const rest = known.filter((change) => !isWorse(change) && !isMended(change));
  const comparable = before.world === after.world && before.pace === after.pace;
  return {
    since: before.id,
    run: after.id,
    compared: known.length,
    conditions: conditions(before, after),
    newFailures: changes.filter(isWorse).toSorted((a, b) => badness[b.after] - badness[a.after]),
    mended: known.filter(isMended),
    otherChecks: rest.filter((change) => change.before !== change.after || change.checks.length > 0),
    added: after.scenarios.map(({ id }) => id).filter((id) => !earlier.has(id)),
    gone: before.scenarios.map(({ id }) => id).filter((id) => !later.has(id)),
    ...(comparable ? { durations: compareDurations(earlier, after.scenarios) } : {}),
  };
}

/**
 * Scenarios that turned from one end to another and back within their last runs and `run`, the least steady first. What turned
 * once is new or mended, and no sign of chance.
 */
export function unsteadyScenarios(run: PastRun, { recent }: Before): Unsteady[] {
  return run.scenarios
    .map(({ id, asExpected }) => ({ id, results: [...(own(recent, id) ?? []), asExpected] }))
    .filter(({ results }) => turns(results) > 1)
    .map(({ id, results }) => ({
      id,
      notAsExpected: results.filter((asExpected) => !asExpected).length,
      runs: results.length,
    }))
    .toSorted((a, b) => b.notAsExpected / b.runs - a.notAsExpected / a.runs);
}

/** How often a result differs from the one before it. */
const turns = (results: readonly boolean[]): number =>
  results.filter((result, index) => index > 0 && result !== results[index - 1]).length;

function changeOf(before: PastScenario | undefined, after: PastScenario): ScenarioChange {
  const { id, outcome } = after;
  if (before === undefined) return { id, after: outcome, checks: [] };
  return { id, before: before.outcome, after: outcome, checks: checkChanges(before, after) };
}

function isWorse({ before = 'expected', after }: ScenarioChange): boolean {
  return badness[after] > badness[before];
}

function isMended({ before, after }: ScenarioChange): boolean {
  return before !== undefined && before !== 'expected' && after === 'expected';
}

function checkChanges(before: PastScenario, after: PastScenario): CheckChange[] {
  const names = new Set([...Object.keys(before.checks), ...Object.keys(after.checks)]);
  return [...names].flatMap((subject) => {
    const was = new Map(Object.entries(own(before.checks, subject) ?? {}));
    const is = new Map(Object.entries(own(after.checks, subject) ?? {}));
    const ids = new Set([...was.keys(), ...is.keys()]);
    return [...ids].flatMap((check) => checkChange(subject, check, was.get(check), is.get(check)));
  });
}

function checkChange(subject: string, check: string, before?: Outcome, after?: Outcome): CheckChange[] {
  if (before === after) return [];
  const known = { ...(before && { before }), ...(after && { after }) };
  return [{ subject, check, ...known }];
}

/** Names come from files: one of them may be called `constructor`. */
const own = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

function conditions(before: PastRun, after: PastRun): Condition[] {
  const names = new Set([...Object.keys(before.versions), ...Object.keys(after.versions)]);
  const facts: [string, unknown, unknown][] = [
    ['world', before.world, after.world],
    ['seed', before.seed, after.seed],
    ['pace', before.pace, after.pace],
    ...[...names].map((name): [string, unknown, unknown] => [
      name,
      own(before.versions, name) ?? 'none',
      own(after.versions, name) ?? 'none',
    ]),
  ];
  return facts
    .filter(([, was, is]) => was !== is)
    .map(([what, was, is]) => ({ what, before: String(was), after: String(is) }));
}
