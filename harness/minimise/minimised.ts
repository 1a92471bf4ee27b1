/**
 * A scenario that `shaketable minimise` wrote: the story of another one under the faults that are left, played by the program that failed,
 * which is judged alone. It passes once what was found is mended.
 */
import { fileURLToPath } from 'node:url';
import { LabError } from '../errors.ts';
import { probePace } from '../foreign/faketime.ts';
import { readSubject, subjectOfCommand } from '../foreign/read-subject.ts';
import type { ForeignSubject } from '../foreign/subject.ts';
import type { CheckResult } from '../report/run-result.ts';
import { forSubject } from '../run/for-subject.ts';
import { declare, declaredBy, type ScenarioDefinition } from '../run/scenario.ts';
import { mistakesOf } from '../run/scenario-mistakes.ts';
import { type Reduction, reduced } from './reduction.ts';

/** What such a file says. */
export interface MinimisedSource extends Reduction {
  readonly id: string;
  /** What fails, and under which faults. */
  readonly title: string;
  /** The agent of the scenario that fails, or a program of the user’s own: its subject file, or its command. */
  readonly subject: string | URL | readonly string[];
  /** The checks of the scenario that judge it, by id. */
  readonly checks: readonly string[];
}

/**
 * Declares it; `whole` imports the scenario that it is a part of.
 * @throws LabError `LAB_SCENARIO_BROKEN` for faults or checks that the scenario does not have
 */
export async function minimised(whole: () => Promise<object>, source: MinimisedSource): Promise<void> {
  const { id, title, subject, checks } = source;
  const cast = await castOf(await declaredBy(whole), subject);
  const definition = partOf(cast, source);
  const strange = [
    ...Object.keys(source.faults)
      .filter((fault) => !(fault in (cast.faults ?? {})))
      .map((fault) => `there is no fault ${fault}`),
    ...checks.filter((check) => !(check in cast.checks)).map((check) => `there is no check ${check}`),
    ...mistakesOf(definition),
  ];
  if (strange.length === 0) return declare({ ...definition, id, title });
  throw new LabError('LAB_SCENARIO_BROKEN', strange.map((line) => `${id}: ${cast.id}: ${line}`).join('\n'), {
    hint: 'The scenario has changed since: minimise a run of it again.',
  });
}

/** The scenario with one program on its table. */
export async function castOf(
  whole: ScenarioDefinition,
  subject: MinimisedSource['subject'],
): Promise<ScenarioDefinition> {
  if (typeof subject === 'string') return judgedAlone(whole, subject);
  const read = subject instanceof URL ? await readSubject(fileURLToPath(subject)) : subjectOfCommand(subject);
  return playing(whole, { ...read, pace: await probePace(read) });
}

/** With a program whose pace is known. */
export function playing(whole: ScenarioDefinition, subject: ForeignSubject): ScenarioDefinition {
  const cast = forSubject(whole, subject);
  const slow = subject.pace.how === 'real' ? { fastPace: 1 } : {};
  return { ...judgedAlone(cast, subject.name), ...slow, worlds: ['local'] };
}

/** Nobody is compared with it, so that nothing is reported and no figure is claimed. */
function judgedAlone(whole: ScenarioDefinition, who: string): ScenarioDefinition {
  const { claims: _claims, anySubject: _anySubject, ...rest } = whole;
  return { ...rest, subjects: [who], reported: [] };
}

/** The part of it, judged by some of its checks. */
export function partOf(
  whole: ScenarioDefinition,
  { checks, ...reduction }: Pick<MinimisedSource, 'faults' | 'endsAfterMs' | 'checks'>,
): ScenarioDefinition {
  const judged = Object.entries(whole.checks).filter(([check]) => checks.includes(check));
  return { ...reduced(whole, reduction), checks: Object.fromEntries(judged) };
}

/** The checks that judge what is left: those that had something to judge by when it failed, and that need no fault that is left out. */
export function checksOfPart(
  whole: ScenarioDefinition,
  reduction: Reduction,
  results: readonly CheckResult[],
): string[] {
  const decided = results.filter(({ id, outcome }) => id in whole.checks && outcome !== 'unknown');
  return decided
    .map(({ id }) => id)
    .filter((id) => mistakesOf(partOf(whole, { ...reduction, checks: [id] })).length === 0);
}
