/**
 * Checks that hold for every scenario, whatever it is about: no planted secret gets out, nothing hangs, and no ERROR record of a
 * sound subject goes unseen. Each applies where its evidence exists, and a scenario may waive one by name with a reason.
 */
import type { CheckSpec } from '../checks/check.ts';
import { count } from '../checks/count.ts';
import { expectedErrors, judgedRecords } from '../checks/expected-errors.ts';
import { noSecret } from '../checks/no-secret.ts';
import type { Entry } from '../journal/entry.ts';

/** Names of the standing checks. */
export const standingCheckIds = ['standing-no-secret', 'standing-expected-errors', 'standing-ends'] as const;
export type StandingCheckId = (typeof standingCheckIds)[number];

/** What a scenario declares of its checks. */
interface Judged {
  readonly checks: Readonly<Record<string, CheckSpec>>;
  readonly waives?: Readonly<Partial<Record<StandingCheckId, string>>>;
}

/** The scenario's own checks with the standing ones for a subject that is expected to do so. */
export function withStandingChecks(
  { checks, waives = {} }: Judged,
  expected: 'pass' | 'fail',
  entries: readonly Entry[],
): Record<string, CheckSpec> {
  const standing: Record<StandingCheckId, CheckSpec | undefined> = {
    'standing-no-secret': noSecretAtAll(entries),
    'standing-expected-errors': expected === 'pass' ? everyErrorIsJudged(checks, entries) : undefined,
    'standing-ends': everythingEnds(entries),
  };
  const applied = Object.entries(standing).filter(([id]) => waives[id as StandingCheckId] === undefined);
  return { ...checks, ...Object.fromEntries(applied.filter(([, spec]) => spec !== undefined)) } as Record<
    string,
    CheckSpec
  >;
}

function noSecretAtAll(entries: readonly Entry[]): CheckSpec | undefined {
  const scans = entries.filter((entry) => entry.kind === 'lab.secret-scan');
  const secrets = [...new Set(scans.map(({ secret }) => secret))];
  if (secrets.length === 0) return undefined;
  return noSecret('no planted secret stands in any output or record', { secrets });
}

/** A hang is the only evidence there is: what ended leaves none. */
function everythingEnds(entries: readonly Entry[]): CheckSpec | undefined {
  if (!entries.some(({ kind }) => kind === 'lab.hung')) return undefined;
  const hung = { kind: 'lab.hung' } as const;
  return count('story and stop end in bounded time', {
    of: hung,
    given: hung,
    atMost: 0,
    unit: 'without an end',
  });
}

function everyErrorIsJudged(
  checks: Readonly<Record<string, CheckSpec>>,
  entries: readonly Entry[],
): CheckSpec | undefined {
  if (!entries.some(({ kind }) => kind === 'agent.log')) return undefined;
  const judged = Object.values(checks).flatMap(({ params }) => judgedRecords(params));
  return expectedErrors('no ERROR record goes unseen', { judged });
}
