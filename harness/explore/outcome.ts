/** What a sweep says of its subject. */
import type { Sweep } from './sweep.ts';

/** A sweep that played nothing, reached less than it had to, or cannot be trusted proves nothing. */
export function explorationOutcome({
  tally,
  findings,
  flaky,
  doubt,
}: Pick<Sweep, 'tally' | 'findings' | 'flaky' | 'doubt'>): 'expected' | 'unexpected' | 'inconclusive' {
  if (findings.length > 0) return 'unexpected';
  const proves = tally.runs > 0 && tally.missed.length === 0 && flaky.length === 0 && doubt === undefined;
  return proves ? 'expected' : 'inconclusive';
}
