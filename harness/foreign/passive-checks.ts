/**
 * Which checks judge a foreign subject in a story: those that are wanted and whose evidence is there. Their names, and the bounds that
 * a subject file may give them, are those of `subject-file.ts`.
 */
import type { CheckSpec } from '../checks/check.ts';
import { type AppliesWhere, capabilities, needs, type SubjectPart } from './any-subject.ts';
import { makers, type PassiveContext } from './passive-makers.ts';
import type { ForeignSubject } from './subject.ts';
import type { CheckName } from './subject-file.ts';

/** The named checks as far as they are wanted and can be judged, and why the others are not. */
export function passiveChecks(
  subject: ForeignSubject,
  names: readonly CheckName[],
  context: PassiveContext = {},
): Pick<SubjectPart, 'appliesWhere' | 'notApplicable'> & { readonly checks: Record<string, CheckSpec> } {
  const checks: Record<string, CheckSpec> = {};
  const appliesWhere: Record<string, AppliesWhere> = {};
  const notApplicable: Record<string, string> = {};
  const has = capabilities(subject);
  for (const name of names) {
    const bounds = subject.checks[name];
    if (bounds === false) {
      notApplicable[name] = 'its subject file does not want it';
      continue;
    }
    const passive = makers[name](subject, bounds ?? {}, context);
    const missing = (passive.needs ?? []).find((need) => !has[need]);
    const why = passive.cannot ?? (missing && needs[missing]);
    if (why !== undefined) notApplicable[name] = why;
    else {
      checks[name] = passive.spec;
      if (passive.appliesWhere) appliesWhere[name] = passive.appliesWhere;
    }
  }
  return { checks, appliesWhere, notApplicable };
}
