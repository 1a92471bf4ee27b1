/** Which failure of a stored run is made small: the scenario, the program and the check. */
import { LabError } from '../errors.ts';
import { nearestWord } from '../nearest-word.ts';
import type { RunResult, ScenarioResult, SubjectResult } from '../report/run-result.ts';
import { failsOf } from './playing.ts';

/** A failure. */
export interface Failure {
  readonly scenario: ScenarioResult;
  readonly subject: SubjectResult;
  readonly check: string;
}

/** What the user says of it. */
export interface Wanted {
  readonly scenario?: string | undefined;
  readonly check?: string | undefined;
  /** `naive` or `hardened`. */
  readonly program?: string | undefined;
}

/**
 * The failure that is meant: where several are, the first of a program that should pass; then what the naive program was reported to fail.
 * @throws LabError `LAB_BAD_INPUT` for a name that the run does not have, or a run in which nothing failed
 */
export function failureIn(run: RunResult, wanted: Wanted): Failure {
  const scenarios = run.scenarios.filter(({ id }) => wanted.scenario === undefined || id === wanted.scenario);
  if (scenarios.length === 0)
    throw unknownName(`The run has no scenario ${wanted.scenario}`, wanted.scenario, run.scenarios);
  const all = scenarios.flatMap((scenario) =>
    scenario.subjects.flatMap((subject) =>
      failsOf(subject).map((check): Failure => ({ scenario, subject, check })),
    ),
  );
  const meant = all.filter(
    ({ subject, check }) =>
      (wanted.program === undefined || subject.name === wanted.program) &&
      (wanted.check === undefined || check === wanted.check),
  );
  const [first] = meant.toSorted((one, other) => weight(one) - weight(other));
  if (first !== undefined) return first;
  throw nothingFailed(all, wanted);
}

/** Small for what is wrong, large for what was to be expected. */
function weight({ scenario, subject, check }: Failure): number {
  const isStanding = check.startsWith('standing-');
  if (subject.expected === 'pass') return isStanding ? 1 : 0;
  return (scenario.reported ?? []).includes(check) ? 2 : 3;
}

function unknownName(message: string, name = '', scenarios: readonly ScenarioResult[]): LabError {
  const ids = scenarios.map(({ id }) => id);
  const near = nearestWord(name, ids);
  const hint = near === undefined ? `It has ${ids.join(', ')}.` : `Did you mean ${near}?`;
  return new LabError('LAB_BAD_INPUT', message, { hint });
}

function nothingFailed(all: readonly Failure[], { check, program }: Wanted): LabError {
  if (all.length === 0)
    return new LabError('LAB_BAD_INPUT', 'Nothing failed in this run', {
      hint: 'Minimise a run in which a check fails.',
    });
  const what = [program, check && `the check ${check}`].filter(Boolean).join(', ');
  const failed = all.map((one) => `${one.scenario.id}, ${one.subject.name}: ${one.check}`);
  return new LabError('LAB_BAD_INPUT', `Nothing of that failed in this run: ${what}`, {
    hint: `What failed: ${failed.slice(0, 8).join('; ')}.`,
  });
}
