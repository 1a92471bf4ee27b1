/**
 * Runs one scenario: both subjects at the same time, each on a table of its own, on the same faults from the same seed;
 * then judges their journals and stores them.
 */
import { systemClock } from 'shaketable-proxy/clock';
import type { FaultReport } from '../faults/planned-fault.ts';
import { knownFailing } from '../foreign/known-failing.ts';
import type { ForeignSubject } from '../foreign/subject.ts';
import type { FaultResult, ScenarioResult, SubjectResult } from '../report/run-result.ts';
import { loadWorld } from '../worlds/load-world.ts';
import type { WorldModule } from '../worlds/world-module.ts';
import { type MeasuredClaim, measureClaims } from './claims.ts';
import { type Part, type PlayedSubject, playSubject, type RunScenarioOptions } from './play-subject.ts';
import { replayCommand, shortPath } from './replay.ts';
import type { ScenarioDefinition } from './scenario.ts';
import { judgeScenario, subjectOutcome, type Verdict } from './verdict.ts';

/** A scenario's result with the figures that it measured for claims. */
export interface JudgedScenario extends ScenarioResult {
  readonly outcome: 'expected' | 'unexpected' | 'inconclusive';
  readonly claims: readonly MeasuredClaim[];
  /** Why it says nothing of the subject; then it is told apart from results. */
  readonly saysNothing?: string;
  /** It judges a program of the user's own. */
  readonly isForeign?: boolean;
}

/**
 * Runs `definition`, which stands in `file`, and writes its journals. Whoever was cut off before (`cutOff`) is judged by what there
 * is of it, and not played again.
 */
export async function runScenario(
  definition: ScenarioDefinition,
  file: string,
  options: RunScenarioOptions,
  cutOff: readonly PlayedSubject[] = [],
): Promise<JudgedScenario> {
  const { id, title, requirements, story, reported, checks } = definition;
  const clock = systemClock();
  const begun = clock.now();
  const module = await loadWorld(options.world.name);
  const played = await playSubjects(definition, module, options, cutOff);
  const subjects = played.map((one) => withKnownFailing(id, one, options.subject));
  const pair = options.pairs?.[id];
  const verdict = withPair(judgeScenario(subjects, reported), pair);
  const [saysNothing] = played.flatMap((one) => one.saysNothing ?? []);
  // Both are played at once, and stand still at once.
  const stalledMs = Math.round(Math.max(...subjects.map((subject) => subject.stalledMs)));
  return {
    id,
    title,
    story,
    requirements,
    reported,
    world: options.world.name,
    seed: options.seed,
    durationMs: Math.round(clock.now() - begun),
    asExpected: verdict.outcome === 'expected',
    outcome: verdict.outcome,
    inconclusive: verdict.inconclusive,
    ...(stalledMs > 0 ? { stalledMs } : {}),
    replay: replayCommand(id, file, { ...options, module, facts: options.world.facts }),
    file: shortPath(file),
    subjects: subjects.map((subject) => subjectResult(subject)),
    faults: subjects.flatMap((subject) => subject.faults.map((fault) => faultResult(subject.name, fault))),
    ...(pair === '' ? { pairHeld: true } : {}),
    ...(saysNothing === undefined ? {} : { saysNothing }),
    ...(options.subject === undefined ? {} : { isForeign: true }),
    claims: measureClaims(definition.claims ?? [], subjects, Object.keys(checks)),
  };
}

/** One alone; else both at the same time, each on its own table; in turn on a server that both share. */
async function playSubjects(
  definition: ScenarioDefinition,
  module: WorldModule,
  options: RunScenarioOptions,
  cutOff: readonly PlayedSubject[],
): Promise<readonly PlayedSubject[]> {
  const play = async (part: Part): Promise<PlayedSubject> =>
    cutOff.find(({ name }) => name === part.name) ?? playSubject(definition, module, options, part);
  const [alone] = definition.subjects ?? [];
  if (alone !== undefined) return [await play({ name: alone, expected: 'pass' })];
  const naive = () => play({ name: 'naive', expected: 'fail' });
  const hardened = () => play({ name: 'hardened', expected: 'pass' });
  if (module.subjects === 'in turn') return [await naive(), await hardened()];
  return Promise.all([naive(), hardened()]);
}

/** Where a scenario's own pair does not fail and pass as it should, the scenario says nothing of anybody else. */
function withPair(verdict: Verdict, why = ''): Verdict {
  if (why === '') return verdict;
  return {
    outcome: 'inconclusive',
    inconclusive: [`its own pair did not fail and pass as it should: ${why}`],
  };
}

function subjectResult(subject: PlayedSubject): SubjectResult {
  const { name, expected, checks, journal, error, notApplicable, talkedPast } = subject;
  const outcome = subjectOutcome(subject);
  const left = Object.entries(notApplicable).map(([check, why]) => ({ check, why }));
  return {
    name,
    expected,
    outcome,
    journal,
    checks,
    ...(left.length === 0 ? {} : { notApplicable: left }),
    ...(talkedPast === undefined ? {} : { talkedPast }),
    ...(error === undefined ? {} : { error }),
  };
}

/** With what is known of checks that fail. */
function withKnownFailing(scenario: string, played: PlayedSubject, subject?: ForeignSubject): PlayedSubject {
  if (subject === undefined) return played;
  const checks = played.checks.map((check) => {
    const known = knownFailing(subject, scenario, check.id);
    return known === undefined ? check : { ...check, known: { reason: known.reason, since: known.since } };
  });
  return { ...played, checks };
}

function faultResult(subject: string, report: FaultReport): FaultResult {
  const { id, kind, place, link, params, strikes, engine, reason } = report;
  return {
    id,
    kind,
    link: link ?? place,
    place,
    strikes,
    subject,
    params,
    ...(engine === undefined ? {} : { engine }),
    ...(reason === undefined ? {} : { reason }),
  };
}
