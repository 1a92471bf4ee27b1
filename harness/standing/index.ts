/**
 * Standing checks: invariants that every run of every scenario has to hold, whatever it is about. Each applies where its
 * evidence exists, and a scenario may waive one by name with a reason. A new one needs a line here, and no other.
 */
import type { CheckSpec } from '../checks/check.ts';
import { nothingLost, oneEffect } from './effects.ts';
import { everyErrorIsJudged } from './expected-errors.ts';
import { keepsUp } from './keeps-up.ts';
import { nothingHeld } from './left-behind.ts';
import { saysThatItStopped } from './life-cycle.ts';
import { noRuntimeWarning } from './no-runtime-warning.ts';
import { noSecretAtAll } from './no-secret.ts';
import { noCatchingUp, noFlood, noStorm } from './no-storm.ts';
import { timesThatCanBe } from './plausible-times.ts';
import { privateLogs } from './private-logs.ts';
import { quietSurvival } from './quiet-survival.ts';
import { levelsAsLaidDown } from './right-levels.ts';
import { allAttempts, goodWaits, goodWaitsForGood } from './sound-retries.ts';
import { backFromOffline, soundServer } from './sound-server.ts';
import { applies, type Evidence, type StandingCheck } from './standing-check.ts';
import { allClosed, everythingEnds, promptStop } from './stops.ts';
import { failuresAddUp } from './sums.ts';
import { oneRecordEach, oneRecordOfAnOutage, oneRecordOfARefusal } from './told-once.ts';
import { wholeRecords } from './whole-records.ts';

/** By name. */
export const standingChecks = {
  'standing-no-secret': noSecretAtAll,
  'standing-expected-errors': everyErrorIsJudged,
  'standing-ends': everythingEnds,
  'standing-keeps-up': keepsUp,
  'standing-quiet-survival': quietSurvival,
  'standing-right-levels': levelsAsLaidDown,
  'standing-told-once': oneRecordEach,
  'standing-outage-told-once': oneRecordOfAnOutage,
  'standing-refusal-told-once': oneRecordOfARefusal,
  'standing-failures-add-up': failuresAddUp,
  'standing-whole-records': wholeRecords,
  'standing-plausible-times': timesThatCanBe,
  'standing-no-runtime-warning': noRuntimeWarning,
  'standing-private-logs': privateLogs,
  'standing-prompt-stop': promptStop,
  'standing-nothing-left-open': allClosed,
  'standing-nothing-held': nothingHeld,
  'standing-sound-waits': goodWaits,
  'standing-sound-stream-waits': goodWaitsForGood,
  'standing-all-attempts': allAttempts,
  'standing-no-storm': noStorm,
  'standing-no-flood': noFlood,
  'standing-no-catching-up': noCatchingUp,
  'standing-one-effect': oneEffect,
  'standing-nothing-lost': nothingLost,
  'standing-says-that-it-stopped': saysThatItStopped,
  'standing-sound-server': soundServer,
  'standing-back-from-offline': backFromOffline,
} as const satisfies Record<`standing-${string}`, StandingCheck>;

/** The name of a standing check. */
export type StandingCheckId = keyof typeof standingChecks;

/** Names of the standing checks. */
export const standingCheckIds = Object.keys(standingChecks) as StandingCheckId[];

/** Standing checks that a scenario waives, each with the reason. */
export type Waivers = Readonly<Partial<Record<StandingCheckId, string>>>;

/** The scenario's own checks with the standing ones that apply to a subject that is expected to do so. */
export function withStandingChecks(
  evidence: Evidence,
  expected: 'pass' | 'fail',
  waives: Waivers = {},
): Record<string, CheckSpec> {
  const all: Record<string, CheckSpec> = { ...evidence.checks };
  for (const [id, standing] of Object.entries<StandingCheck>(standingChecks)) {
    const { judges, title, check } = standing;
    if (id in waives || (judges === 'sound' && expected === 'fail')) continue;
    if (applies(standing, evidence.entries)) all[id] = check(title, evidence);
  }
  return all;
}
