/**
 * Every kind of check by its name, and how checks are run on a journal, live or stored.
 */
import type { Entry, JsonObject } from '../journal/entry.ts';
import { type Stalled, stalledIn, withoutStalls } from '../journal/without-stalls.ts';
import { figure } from './bounds.ts';
import { type CheckKind, type CheckSpec, type Finding, nothingToJudge, type Outcome } from './check.ts';
import { expectedErrors } from './expected-errors.ts';
import * as factories from './index.ts';
import { mistakeAbout, silentKinds, unreadLevels } from './mistakes.ts';

/** The kinds of check, by name: those of scenarios, and the one that the lab itself adds to each. */
export const checkKinds: ReadonlyMap<string, CheckKind> = new Map(
  [...Object.values(factories), expectedErrors].map(({ kind }) => [kind.name, kind]),
);

/** A finding with the id of its check in the scenario. */
export interface CheckResult extends Finding {
  readonly id: string;
  readonly title: string;
}

/** Runs the checks of a scenario on a journal. A check that crashes, or that nobody knows, gives `unknown`. */
export function runChecks(
  entries: readonly Entry[],
  checks: Readonly<Record<string, CheckSpec | JsonObject>>,
): CheckResult[] {
  const stalled = stalledIn(entries);
  let steady: readonly Entry[] | undefined;
  return Object.entries(checks).map(([id, spec]) => {
    const { check, params, title } = spec as CheckSpec;
    const found = judge(entries, check, params);
    if (found.outcome !== 'fail' || !stalled) return { id, title, ...found };
    steady ??= withoutStalls(entries);
    return { id, title, ...excused(found, judge(steady, check, params), stalled) };
  });
}

/** A failure that is none without the time in which the machine stood still proves nothing, in either direction. */
function excused(found: Finding, steady: Finding, { labMs, realMs }: Stalled): Finding {
  if (steady.outcome !== 'pass') return found;
  const stood = `this machine stood still for ${figure(realMs, 'ms')} = ${figure(labMs, 'ms')} of lab time`;
  const measured = `${found.measured}, but ${stood}, and without that it is ${steady.measured}`;
  return { ...found, outcome: 'unknown', measured };
}

/** Fail, unknown, pass: the worst one wins. No check at all is unknown. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('fail')) return 'fail';
  return outcomes.length === 0 || outcomes.includes('unknown') ? 'unknown' : 'pass';
}

function judge(entries: readonly Entry[], check: string, params: JsonObject): Finding {
  const kind = checkKinds.get(check);
  if (!kind) return unknown(`no check is called ${check}`);
  try {
    const mistake = mistakeAbout(entries, kind, params);
    if (mistake) return unknown(`it can match nothing: ${mistake.path}: ${mistake.why}`);
    return backed(entries, kind, params, kind.judge(entries, params));
  } catch (error) {
    return unknown(`the check crashed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * A pass because there was none of something is worth nothing where nobody wrote such records at all, and nothing is worth anything
 * about the levels of a log whose levels could not be read.
 */
function backed(entries: readonly Entry[], kind: CheckKind, params: JsonObject, found: Finding): Finding {
  const unread = unreadLevels(entries, kind, params);
  if (unread.length > 0)
    return nothingToJudge(
      found.expected,
      `no record of ${unread.join(' and ')} has a level that could be read`,
    );
  const silent = found.outcome === 'pass' ? silentKinds(entries, kind, params) : [];
  if (silent.length === 0) return found;
  return nothingToJudge(found.expected, `there is no ${silent.join(' and no ')} at all to look into`);
}

function unknown(why: string): Finding {
  return { outcome: 'unknown', measured: why, expected: 'a check that runs', evidence: [] };
}
