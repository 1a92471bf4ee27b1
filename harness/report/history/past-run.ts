/**
 * A run as the history keeps it: what came of it in one line, so that a later run can be held against it when its directory is
 * long gone.
 */
import type { Outcome, RunOutcome, RunResult, ScenarioResult } from '../run-result.ts';
import { scenarioOutcome } from '../scenario-outcome.ts';

/** The version of a line that this code reads and writes. */
export const pastRunVersion = 1;

export interface PastRun {
  readonly history: typeof pastRunVersion;
  readonly id: string;
  readonly seed: number;
  readonly world: string;
  /** How many times faster than the wall clock the lab clock ran. */
  readonly pace: number;
  /** Wall-clock start, ISO 8601. */
  readonly startedAt: string;
  /** Wall-clock milliseconds. */
  readonly durationMs: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly outcome: RunOutcome;
  /** `1/3` for a part of a run. */
  readonly shard?: string;
  /** Ids of the runs that this one was merged from; they count no second time. */
  readonly parts?: readonly string[];
  readonly scenarios: readonly PastScenario[];
}

export interface PastScenario {
  readonly id: string;
  readonly asExpected: boolean;
  readonly outcome: RunOutcome;
  /** Wall-clock milliseconds. */
  readonly durationMs: number;
  /** What each check came to, by subject and check. */
  readonly checks: Readonly<Record<string, Readonly<Record<string, Outcome>>>>;
}

/** `run` as a line of the history; `parts` are the ids of the runs that it was merged from. */
export function toPastRun(run: RunResult, parts: readonly string[] = []): PastRun {
  const { id, seed, world, pace, startedAt, durationMs, versions, outcome, shard, scenarios } = run;
  return {
    history: pastRunVersion,
    id,
    seed,
    world,
    pace,
    startedAt,
    durationMs,
    versions,
    outcome,
    ...(shard === undefined ? {} : { shard: `${shard.index}/${shard.of}` }),
    ...(parts.length === 0 ? {} : { parts }),
    scenarios: scenarios.map(toPastScenario),
  };
}

function toPastScenario(scenario: ScenarioResult): PastScenario {
  const { id, asExpected, durationMs, subjects } = scenario;
  const checks = subjects.map(
    ({ name, checks: all }) =>
      [name, Object.fromEntries(all.map((check) => [check.id, check.outcome]))] as const,
  );
  return {
    id,
    asExpected,
    outcome: scenarioOutcome(scenario),
    durationMs,
    checks: Object.fromEntries(checks),
  };
}
