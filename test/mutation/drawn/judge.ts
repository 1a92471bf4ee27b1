/** What the lab said of a mutant: the worst that a scenario came to because of the subject that should be sound. */
import type { ScenarioResult, SubjectResult } from '../../../harness/report/run-result.ts';
import type { StandingCheckId } from '../../../harness/standing/index.ts';

/** What of a scenario's result is judged. */
export interface JudgedScenario
  extends Pick<ScenarioResult, 'id' | 'asExpected' | 'durationMs' | 'inconclusive'> {
  readonly subjects: readonly Pick<SubjectResult, 'name' | 'expected' | 'outcome' | 'checks'>[];
}

/** How a stage ended that played some scenarios. `run` is absent when it did not get as far as a result. */
export interface Ended {
  /** Null when it had to be killed. */
  readonly code: number | null;
  readonly output: string;
  readonly run: { readonly scenarios: readonly JudgedScenario[] } | undefined;
}

/**
 * - `failed`: a check of the hardened subject fails.
 * - `timeout`: it hangs or spins, and nothing else is wrong with it.
 * - `inconclusive`: something about the hardened subject proved nothing.
 * - `broken`: the lab could not play, or had to be killed.
 * - `survived`: nothing of all this.
 * - `not reached`: no scenario executes the place.
 */
export type Outcome = 'failed' | 'timeout' | 'inconclusive' | 'broken' | 'survived' | 'not reached';

/** Best first. */
export const outcomes: readonly Outcome[] = [
  'failed',
  'timeout',
  'inconclusive',
  'broken',
  'survived',
  'not reached',
];

/** The outcomes that count as noticed. One that is inconclusive ends a run with 2, but accuses nobody. */
export const isNoticed = (outcome: Outcome): boolean => outcome === 'failed' || outcome === 'timeout';

/** A check that fails for the subject that should pass it. */
export interface Failure {
  readonly scenario: string;
  readonly check: string;
  readonly measured: string;
}

/** What a run of some scenarios says of a mutant. */
export interface Judgement {
  readonly outcome: Outcome;
  readonly failures: readonly Failure[];
  /** Why it is neither noticed nor survived; and what only the naive subject showed. */
  readonly notes: readonly string[];
}

/** Judges how a stage ended. */
export function judge({ code, output, run }: Ended): Judgement {
  if (code === null) return { outcome: 'broken', failures: [], notes: ['the lab did not end by itself'] };
  if (run === undefined) return { outcome: 'broken', failures: [], notes: [lastLine(output)] };
  return worst(run.scenarios.map(judgeScenario));
}

function worst(judgements: readonly Judgement[]): Judgement {
  const outcome = outcomes.find((candidate) => judgements.some((so) => so.outcome === candidate)) ?? 'broken';
  const nobody = judgements.length === 0 ? ['nothing was played'] : [];
  return {
    outcome,
    failures: judgements.flatMap(({ failures }) => failures),
    notes: [...nobody, ...judgements.flatMap(({ notes }) => notes)],
  };
}

/** The check that a subject fails which hangs or spins. */
const ends: StandingCheckId = 'standing-ends';

function judgeScenario(scenario: JudgedScenario): Judgement {
  const { id, asExpected, subjects, inconclusive = [] } = scenario;
  const sound = subjects.filter(({ expected }) => expected === 'pass');
  const failures = sound.flatMap((subject) => failuresOf(id, subject));
  const notes = inconclusive.map((reason) => `${id}: ${reason}`);
  if (asExpected) return { outcome: 'survived', failures, notes: [] };
  if (failures.length > 0) {
    const hangs = failures.every(({ check }) => check === ends);
    return { outcome: hangs ? 'timeout' : 'failed', failures, notes };
  }
  if (sound.length === 0) return { outcome: 'broken', failures, notes };
  if (sound.some(({ outcome }) => outcome === 'unknown')) return { outcome: 'inconclusive', failures, notes };
  return { outcome: 'survived', failures, notes: [`${id}: only the naive subject is not as expected`] };
}

function failuresOf(scenario: string, { checks }: Pick<SubjectResult, 'checks'>): Failure[] {
  return checks
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ id, measured }) => ({ scenario, check: id, measured: String(measured).slice(0, 200) }));
}

const lastLine = (output: string): string => output.trim().split('\n').at(-1) ?? '';
