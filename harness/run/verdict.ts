/**
 * From findings to a verdict. A scenario is as expected only if every fault struck in both runs, the naive subject fails
 * the checks it was reported to fail, and the hardened one passes all. A fault that touched nothing never gives a pass.
 */
import type { Outcome } from '../checks/check.ts';
import { type CheckResult, worst } from '../checks/registry.ts';
import type { FaultReport } from '../faults/planned-fault.ts';
import type { StandingCheckId } from '../standing/index.ts';

/** A check's result, with why it fails where that is known. */
export interface JudgedCheck extends CheckResult {
  readonly known?: { readonly reason: string; readonly since: string };
}

/** One subject's run, judged. */
export interface JudgedSubject {
  readonly name: string;
  readonly expected: 'pass' | 'fail';
  readonly checks: readonly JudgedCheck[];
  readonly faults: readonly FaultReport[];
  /** Why the run broke off, if it did. */
  readonly error?: string;
}

/** What a scenario came to. */
export interface Verdict {
  readonly outcome: 'expected' | 'unexpected' | 'inconclusive';
  /** Why it is inconclusive, a sentence each; empty otherwise. */
  readonly inconclusive: readonly string[];
}

/** A subject's outcome: its worst check, and never a pass while a fault did not strike or the run broke off. */
export function subjectOutcome(subject: JudgedSubject): Outcome {
  const judged = subject.checks.filter(({ known }) => known === undefined);
  const outcome = judged.length === 0 ? 'pass' : worst(judged.map((check) => check.outcome));
  const solid = subject.error === undefined && subject.faults.every((fault) => fault.strikes > 0);
  return outcome === 'pass' && !solid ? 'unknown' : outcome;
}

/** Judges a scenario. `reported` names the checks that the naive subject must fail. */
export function judgeScenario(subjects: readonly JudgedSubject[], reported: readonly string[]): Verdict {
  if (subjects.length === 0) return { outcome: 'inconclusive', inconclusive: ['nobody was played'] };
  const reasons = subjects.flatMap((subject) => doubts(subject, reported));
  const contradicted = subjects.some((subject) => contradicts(subject, reported));
  if (contradicted) return { outcome: 'unexpected', inconclusive: [] };
  return { outcome: reasons.length > 0 ? 'inconclusive' : 'expected', inconclusive: reasons };
}

/**
 * A hardened subject that fails a check contradicts the fix whatever else happened; a naive one that passes what it was
 * reported to fail contradicts the report only if all faults struck.
 */
function contradicts(subject: JudgedSubject, reported: readonly string[]): boolean {
  const { checks, faults, error } = subject;
  if (subject.expected === 'pass') return checks.some(isWrong);
  const struck = error === undefined && faults.every((fault) => fault.strikes > 0);
  return struck && checks.some((check) => reported.includes(check.id) && check.outcome === 'pass');
}

/** What is known to fail has to: one that passes is off the list, or the list is worth nothing. */
function isWrong({ outcome, known }: JudgedCheck): boolean {
  return outcome === (known === undefined ? 'fail' : 'pass');
}

/**
 * A naive subject that hung broke its run off itself: that is no doubt where it failed everything that was reported.
 */
function failedByHanging({ expected, checks }: JudgedSubject, reported: readonly string[]): boolean {
  const failed = (id: string): boolean => checks.some((check) => check.id === id && check.outcome === 'fail');
  return expected === 'fail' && failed('standing-ends' satisfies StandingCheckId) && reported.every(failed);
}

function doubts(subject: JudgedSubject, reported: readonly string[]): string[] {
  const { name, error, faults, checks, expected } = subject;
  const silent = faults.filter((fault) => fault.strikes === 0);
  const matters = (id: string): boolean => expected === 'pass' || reported.includes(id);
  // That faults did not strike and checks had nothing to judge by follows from it.
  if (error !== undefined && !failedByHanging(subject, reported))
    return [`${name}: the run broke off: ${error}`];
  return [
    ...silent.map(
      ({ id, kind, link, place, reason }) =>
        `${name}: fault \`${id}\` (${kind} on ${link ?? place}) never struck: ${reason ?? 'nothing met it'}`,
    ),
    ...checks
      .filter((check) => check.outcome === 'unknown' && matters(check.id))
      .map((check) => `${name}: check \`${check.id}\` is unknown: ${check.measured}`),
  ];
}
