/**
 * Runs one scenario: both subjects at the same time, each on a table of its own, on the same faults from the same seed;
 * then judges their journals and stores them.
 */
import { join } from 'node:path';
import { systemClock } from 'shaketable-proxy/clock';
import { runChecks } from '../checks/registry.ts';
import type { FaultReport } from '../faults/planned-fault.ts';
import type { Entry } from '../journal/entry.ts';
import { writeRecording } from '../journal/store.ts';
import type { FaultResult, ScenarioResult, SubjectResult } from '../report/run-result.ts';
import type { WorldName } from '../world-list.ts';
import { loadWorld } from '../worlds/load-world.ts';
import type { StartedTable } from '../worlds/table-deps.ts';
import type { Pace, WorldModule } from '../worlds/world-module.ts';
import { bounded, storyBoundMs } from './bound.ts';
import { type MeasuredClaim, measureClaims } from './claims.ts';
import { ownLine } from './own-lines.ts';
import { replayCommand } from './replay.ts';
import type { ScenarioDefinition } from './scenario.ts';
import { withStandingChecks } from './standing-checks.ts';
import { type JudgedSubject, judgeScenario, subjectOutcome } from './verdict.ts';
import { withVoice } from './voice.ts';

/** What a run gives to each of its scenarios. */
export interface RunScenarioOptions {
  readonly seed: number;
  readonly pace: Pace;
  /** The run's directory; journals go into `journals/` there. */
  readonly directory: string;
  /** Keeps the directory of each table below `debug/` there. */
  readonly debug: boolean;
  /** Folders in which a file's place is its scenario's id. */
  readonly folders: readonly string[];
  /** The world, and what its tables need of what the run shares. */
  readonly world: { readonly name: WorldName; readonly facts: unknown };
}

/** A scenario's result with the figures that it measured for claims. */
export interface JudgedScenario extends ScenarioResult {
  readonly outcome: 'expected' | 'unexpected' | 'inconclusive';
  readonly claims: readonly MeasuredClaim[];
}

/** How fast the lab clock runs where a scenario does not say. */
const defaultFastPace = 20;

/** The pace that a scenario is bounded by: one that is never played faster is played at the real one. */
export const paceOf = ({ fastPace }: ScenarioDefinition, { pace }: RunScenarioOptions): Pace =>
  fastPace === 1 ? 'real' : pace;

/** Runs `definition`, which stands in `file`, and writes its journals. */
export async function runScenario(
  definition: ScenarioDefinition,
  file: string,
  options: RunScenarioOptions,
): Promise<JudgedScenario> {
  const { id, title, requirements, story, reported, checks } = definition;
  const clock = systemClock();
  const begun = clock.now();
  const module = await loadWorld(options.world.name);
  const subjects = await playSubjects(definition, module, options);
  const verdict = judgeScenario(subjects, reported);
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
    replay: replayCommand(id, file, { ...options, module, facts: options.world.facts }),
    subjects: subjects.map((subject) => subjectResult(subject)),
    faults: subjects.flatMap((subject) => subject.faults.map((fault) => faultResult(subject.name, fault))),
    claims: measureClaims(definition.claims ?? [], subjects, Object.keys(checks)),
  };
}

/** One alone; else both at the same time, each on its own table; in turn on a server that both share. */
async function playSubjects(
  definition: ScenarioDefinition,
  module: WorldModule,
  options: RunScenarioOptions,
): Promise<readonly PlayedSubject[]> {
  const [alone] = definition.subjects ?? [];
  if (alone !== undefined)
    return [await playSubject(definition, module, options, { name: alone, expected: 'pass' })];
  const naive = () => playSubject(definition, module, options, { name: 'naive', expected: 'fail' });
  const hardened = () => playSubject(definition, module, options, { name: 'hardened', expected: 'pass' });
  if (module.subjects === 'in turn') return [await naive(), await hardened()];
  return Promise.all([naive(), hardened()]);
}

interface PlayedSubject extends JudgedSubject {
  /** The journal's path inside the run's directory. */
  readonly journal: string;
}

async function playSubject(
  definition: ScenarioDefinition,
  module: WorldModule,
  options: RunScenarioOptions,
  { name, expected }: { name: string; expected: 'pass' | 'fail' },
): Promise<PlayedSubject> {
  const { id, faults = {} } = definition;
  const { seed } = options;
  const pace = options.pace === 'real' ? 1 : (definition.fastPace ?? defaultFastPace);
  const startedAt = new Date(systemClock().now()).toISOString();
  const place = `${id.replaceAll('/', '__')}.${name}`;
  const world = await module.startTable(options.world.facts, {
    scenario: id,
    subject: name,
    seed,
    pace,
    faults,
    ...(options.debug ? { keepDirectory: join(options.directory, 'debug', place) } : {}),
  });
  const { reports, error } = await play(definition, world, storyBoundMs[paceOf(definition, options)]);
  await world.verify();
  const entries: readonly Entry[] = world.journal.seal();
  const journal = `journals/${place}.ndjson`;
  const labStart = world.journal.startedAt;
  const checks = withStandingChecks(definition, expected, entries);
  const specs = Object.fromEntries(Object.entries(checks).map(([key, spec]) => [key, { ...spec }]));
  const header = {
    journal: 1,
    scenario: id,
    subject: name,
    seed,
    pace,
    startedAt,
    labStart,
    checks: specs,
    reported: definition.reported,
  } as const;
  await writeRecording(join(options.directory, journal), { header, entries });
  const results = runChecks(entries, checks);
  return {
    name,
    expected,
    checks: results,
    faults: reports,
    journal,
    ...(error === undefined ? {} : { error }),
  };
}

/** Plays the story and clears the table whatever happens; what broke the story is kept, not thrown. */
async function play(
  definition: ScenarioDefinition,
  world: StartedTable,
  boundMs: number,
): Promise<{ reports: readonly FaultReport[]; error?: string }> {
  const voice = { name: `${definition.id} (${world.table.subject})`, journal: world.journal };
  let error: string | undefined;
  await bounded(
    withVoice(voice, () => Promise.try(definition.play, world.table)),
    boundMs,
    systemClock(),
  ).catch((thrown: unknown) => {
    error = describeThrown(thrown);
  });
  const reports = await world.close().catch((thrown: unknown) => {
    error ??= `the table could not be cleared: ${describeThrown(thrown)}`;
    return [];
  });
  const told = reports.map((report) => world.journal.scrub({ ...report }));
  return error === undefined ? { reports: told } : { reports: told, ...world.journal.scrub({ error }) };
}

function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const place = ownLine(thrown.stack ?? '');
  return place === undefined ? thrown.message : `${thrown.message}, at ${place}`;
}

function subjectResult(subject: PlayedSubject): SubjectResult {
  const { name, expected, checks, journal, error } = subject;
  const outcome = subjectOutcome(subject);
  return { name, expected, outcome, journal, checks, ...(error === undefined ? {} : { error }) };
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
