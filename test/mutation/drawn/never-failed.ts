/** Checks that nothing was ever seen to fail: neither the naive subject, nor a planted mutant, nor a drawn one. */
import { standingCheckIds } from '../../../harness/standing/index.ts';
import type { CheckOfScenario } from '../mutant.ts';
import type { DryRun } from './dry-run.ts';

/** What was seen to fail. */
export interface Seen {
  readonly dryRuns: readonly DryRun[];
  /** Checks that are known to notice a planted mutant, and those that noticed a drawn one. */
  readonly failures: readonly CheckOfScenario[];
}

/**
 * The checks by name, as `scenario: check`. A standing check is the same one in all scenarios, and is named even if it applied in
 * none.
 */
export function neverFailed({ dryRuns, failures }: Seen): string[] {
  const byNaive = dryRuns.flatMap(({ scenario, failedByNaive }) =>
    failedByNaive.map((check) => ({ scenario, check })),
  );
  const seen = new Set([...byNaive, ...failures].map(nameOf));
  const all = dryRuns.flatMap(({ scenario, checks }) => checks.map((check) => nameOf({ scenario, check })));
  return [...new Set([...standing, ...all])].filter((name) => !seen.has(name)).toSorted();
}

const standing: readonly string[] = standingCheckIds;

const nameOf = ({ scenario, check }: CheckOfScenario): string =>
  standing.includes(check) ? check : `${scenario}: ${check}`;
