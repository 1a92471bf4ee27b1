/** Runs of the history, built in code. */
import type { PastRun, PastScenario } from '../../../../harness/report/history/past-run.ts';
import type { Outcome, RunOutcome } from '../../../../harness/report/run-result.ts';

export function pastScenario(
  id: string,
  outcome: RunOutcome = 'expected',
  fields: Partial<PastScenario> = {},
): PastScenario {
  const hardened: Record<string, Outcome> = {
    quiet: outcome === 'unexpected' ? 'fail' : outcome === 'expected' ? 'pass' : 'unknown',
  };
  const checks = { naive: { quiet: 'fail' as const }, hardened };
  return { id, asExpected: outcome === 'expected', outcome, durationMs: 2_000, checks, ...fields };
}

/** A run on the given day of March. */
export function pastRun(
  day: number,
  scenarios: readonly PastScenario[],
  fields: Partial<PastRun> = {},
): PastRun {
  const date = `2026-03-${String(day).padStart(2, '0')}`;
  return {
    history: 1,
    id: `${date}T09-30-00-seed-7`,
    seed: 7,
    world: 'local',
    pace: 20,
    startedAt: `${date}T09:30:00.000Z`,
    durationMs: 10_000,
    versions: { node: 'v24.21.0', database: 'MariaDB 10.11' },
    outcome: scenarios.every(({ asExpected }) => asExpected) ? 'expected' : 'unexpected',
    scenarios,
    ...fields,
  };
}
