/**
 * The reports' figures beside the measured ones. Where a reported figure does not hold, the claim says so: the
 * measurement stands, not the report.
 */
import type { Claim } from '../report/run-result.ts';
import type { ClaimSpec } from './scenario.ts';
import type { JudgedSubject } from './verdict.ts';

/** A claim with its measured figures, null where a check gave none. */
export type MeasuredClaim = Claim;

/** Looks up the figure that each claim is about in the findings of both subjects. */
export function measureClaims(
  claims: readonly ClaimSpec[],
  subjects: readonly JudgedSubject[],
  checkIds: readonly string[],
): MeasuredClaim[] {
  return claims.map((claim) => {
    if (!checkIds.includes(claim.check))
      throw new RangeError(`Claim ${claim.id} names no check: ${claim.check}`);
    const naive = measured(claim, subjects, 'naive');
    const hardened = measured(claim, subjects, 'hardened');
    const { id, figure, requirement, reportedBefore, reportedAfter, unit } = claim;
    const holds =
      naive === null || hardened === null
        ? null
        : inside(naive, claim.before) && inside(hardened, claim.after) && changes(naive, hardened, claim);
    return { id, figure, requirement, reportedBefore, reportedAfter, naive, hardened, unit, holds };
  });
}

function measured(claim: ClaimSpec, subjects: readonly JudgedSubject[], name: string): number | null {
  const value = subjects
    .find((subject) => subject.name === name)
    ?.checks.find((check) => check.id === claim.check)?.value;
  return value === undefined ? null : Math.round(value * (claim.scale ?? 1) * 100) / 100;
}

function changes(naive: number, hardened: number, { ratio }: ClaimSpec): boolean {
  return ratio === undefined || (naive > 0 && inside(hardened / naive, ratio));
}

function inside(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}
