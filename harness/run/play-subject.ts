/**
 * Plays one subject on a table of its own, stores its journal and judges it. A subject that hangs has its journal judged up to
 * there; one whose process has to be ended is cut off in its midst.
 */
import { join } from 'node:path';
import { systemClock } from 'shaketable-proxy/clock';
import { runChecks } from '../checks/registry.ts';
import type { FaultReport } from '../faults/planned-fault.ts';
import { subjectNotes } from '../foreign/launch.ts';
import type { ForeignSubject } from '../foreign/subject.ts';
import { draftEnding, keepDraft } from '../journal/draft.ts';
import type { Entry, FactsOf } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { type Matcher, matches, valueAt } from '../journal/matcher.ts';
import { type Recording, writeRecording, writeRecordingSync } from '../journal/store.ts';
import { delayedMs } from '../journal/without-stalls.ts';
import { withStandingChecks } from '../standing/index.ts';
import type { WorldName } from '../world-list.ts';
import type { StartedTable } from '../worlds/table-deps.ts';
import type { Pace, WorldModule } from '../worlds/world-module.ts';
import { bounded, clearBoundMs, late, stopBoundMs, storyBoundMs } from './bound.ts';
import { ownLine } from './own-lines.ts';
import type { ScenarioDefinition } from './scenario.ts';
import type { JudgedSubject } from './verdict.ts';
import { speaker, withVoice } from './voice.ts';

/** What a run gives to each of its scenarios. */
export interface RunScenarioOptions {
  readonly seed: number;
  readonly pace: Pace;
  /** The run's directory; journals go into `journals/` there. */
  readonly directory: string;
  /** Keeps each journal on disk while it grows, for whoever finds this process dead. */
  readonly drafts?: true;
  /** Keeps the directory of each table below `debug/` there. */
  readonly debug: boolean;
  /** Folders in which a file's place is its scenario's id. */
  readonly folders: readonly string[];
  /** The world, and what its tables need of what the run shares. */
  readonly world: { readonly name: WorldName; readonly facts: unknown };
  /** A program that the lab has never seen, played alone in the place of the scenario's own subjects. */
  readonly subject?: ForeignSubject;
  /** Then: whether the scenarios' own pairs held, by scenario: empty for one that did, else why it did not. */
  readonly pairs?: Readonly<Record<string, string>>;
}

/** A subject's run as it was judged; it is plain data, and outlives the process. */
export interface PlayedSubject extends JudgedSubject {
  /** The journal's path inside the run's directory. */
  readonly journal: string;
  /** How long the machine stood still or a call held the lab's thread in the meantime, real milliseconds. */
  readonly stalledMs: number;
  /** Checks that cannot be judged of it, each with the reason. */
  readonly notApplicable: Readonly<Record<string, string>>;
  /** Why the whole scenario says nothing of it, as the story found out. */
  readonly saysNothing?: string;
  /** Addresses to which it talked past the lab; missing where there are none. */
  readonly talkedPast?: readonly string[];
}

/** Who is played, and what is expected of it. */
export type Part = Pick<JudgedSubject, 'name' | 'expected'>;

type Hung = FactsOf<'lab.hung'>;

/** What is known of a subject that does not give its thread back. */
export type CutOff = Pick<Hung, 'how' | 'boundMs' | 'at'>;

/** How far a subject's run has come. */
interface Progress {
  part: Hung['part'];
}

/** How fast the lab clock runs where a scenario does not say. */
export const defaultFastPace = 20;

/** The pace that a scenario is bounded by: one that is never played faster is played at the real one. */
export const paceOf = ({ fastPace }: ScenarioDefinition, { pace }: RunScenarioOptions): Pace =>
  fastPace === 1 ? 'real' : pace;

/** The subjects that are on a table just now, by their journals: how to end the run of each at once. */
const onTable = new Map<Journal, (hung: CutOff) => PlayedSubject>();

/** Plays, stores and judges one subject. */
export async function playSubject(
  definition: ScenarioDefinition,
  module: WorldModule,
  options: RunScenarioOptions,
  part: Part,
): Promise<PlayedSubject> {
  const { id, faults = {} } = definition;
  const { seed } = options;
  const startedAt = new Date(systemClock().now()).toISOString();
  const place = `${id.replaceAll('/', '__')}.${part.name}`;
  const pace = options.pace === 'real' ? 1 : (definition.fastPace ?? defaultFastPace);
  const world = await module.startTable(options.world.facts, {
    scenario: id,
    subject: part.name,
    seed,
    pace,
    faults,
    ...(options.debug ? { keepDirectory: join(options.directory, 'debug', place) } : {}),
  });
  const path = `journals/${place}.ndjson`;
  const of = {
    scenario: id,
    subject: part.name,
    seed,
    pace,
    startedAt,
    labStart: world.journal.startedAt,
    reported: definition.reported,
  };
  const judge = (told: Told): { played: PlayedSubject; recording: Recording } => {
    const { journal } = world;
    const entries = journal.seal();
    const { applicable, notApplicable } = checksThatApply(definition, entries);
    const evidence = { entries, checks: applicable, pace };
    const checks = withStandingChecks(evidence, part.expected, definition.waives);
    const specs = Object.fromEntries(Object.entries(checks).map(([key, spec]) => [key, { ...spec }]));
    const header = { journal: 1, ...of, checks: specs } as const;
    const { reports, error } = scrubbed(told, journal);
    const results = runChecks(entries, checks);
    const stalledMs = delayedMs(entries);
    const beside = { notApplicable, ...saysNothing(entries), ...talkedPast(entries) };
    const played = { ...part, checks: results, faults: reports, journal: path, stalledMs, ...beside };
    return {
      played: error === undefined ? played : { ...played, error },
      recording: { header, entries },
    };
  };
  using _draft = options.drafts
    ? keepDraft(
        join(options.directory, `${path}${draftEnding}`),
        { ...of, expected: part.expected },
        world.journal,
      )
    : undefined;
  const progress: Progress = { part: 'story' };
  onTable.set(world.journal, (spun) => {
    const hung = { ...progress, ...spun };
    const { played, recording } = judge({ error: tellHung(world, hung), reports: world.abandon() });
    writeRecordingSync(join(options.directory, path), recording);
    return played;
  });
  try {
    const told = await play(definition, world, progress, storyBoundMs[paceOf(definition, options)]);
    await world.verify();
    const { played, recording } = judge(told);
    await writeRecording(join(options.directory, path), recording);
    return played;
  } finally {
    onTable.delete(world.journal);
  }
}

/**
 * Ends the run of the subject whose code runs just now, at once: its journal is stored as it is, and judged. Undefined where it
 * cannot be told whose code that is.
 */
export function cutOffSpeaker(hung: CutOff): PlayedSubject | undefined {
  const journal = speaker();
  return journal && onTable.get(journal)?.(hung);
}

/** Whether the story found out that it says nothing of the subject. */
function saysNothing(entries: readonly Entry[]): { saysNothing?: string } {
  const said = entries.find(
    (entry) => entry.kind === 'subject.note' && entry.name === subjectNotes.notApplicable,
  );
  return said === undefined ? {} : { saysNothing: String(valueAt(said, 'why')) };
}

/** To whom it talked past the lab. */
function talkedPast(entries: readonly Entry[]): { talkedPast?: readonly string[] } {
  const to = entries.flatMap((entry) =>
    entry.kind === 'subject.note' && entry.name === subjectNotes.talkedPast
      ? String(valueAt(entry, 'to'))
      : [],
  );
  return to.length === 0 ? {} : { talkedPast: to };
}

/** The checks of the scenario that this run can be judged by, and why the others say nothing. */
function checksThatApply(
  { checks, appliesWhere = {}, notApplicable = {} }: ScenarioDefinition,
  entries: readonly Entry[],
) {
  const has = (matcher: Matcher): boolean => entries.some((entry) => matches(entry, matcher));
  const applies = (id: string): boolean => {
    const { there, unless } = appliesWhere[id] ?? {};
    return (there === undefined || has(there)) && !(unless !== undefined && has(unless));
  };
  const left = Object.keys(checks).filter((id) => !applies(id));
  return {
    applicable: Object.fromEntries(Object.entries(checks).filter(([id]) => !left.includes(id))),
    notApplicable: {
      ...notApplicable,
      ...Object.fromEntries(left.map((id) => [id, appliesWhere[id]?.else ?? ''])),
    },
  };
}

/** How a subject's run went, beside its journal. */
interface Told {
  readonly reports: readonly FaultReport[];
  /** Why it broke off. */
  readonly error?: string | undefined;
}

/** Plays the story and clears the table whatever happens; what broke the story is kept, not thrown. */
function play(
  definition: ScenarioDefinition,
  world: StartedTable,
  progress: Progress,
  boundMs: number,
): Promise<Told> {
  const voice = { name: `${definition.id} (${world.table.subject})`, journal: world.journal };
  return withVoice(voice, async () => {
    const story = Promise.try(definition.play, world.table);
    const broke = await broken(story, boundMs, () =>
      tellHung(world, { how: 'waits', part: 'story', boundMs }),
    );
    progress.part = 'stop';
    const left = await broken(world.stopSubjects(), stopBoundMs, () =>
      tellHung(world, { how: 'waits', part: 'stop', boundMs: stopBoundMs }),
    );
    const doubt = world.doubt();
    const reports: FaultReport[] = [];
    const kept = await broken(
      world.close().then((all) => void reports.push(...all)),
      clearBoundMs,
      () => `it was not done within ${clearBoundMs / 1_000} s`,
    );
    const clearing = [left, kept].find((why) => why !== undefined);
    return { reports, error: broke ?? doubt ?? (clearing && `the table could not be cleared: ${clearing}`) };
  });
}

/** Why `task` did not come to its end: what it threw, or what `tell` says once it is late. */
async function broken(task: Promise<void>, boundMs: number, tell: () => string): Promise<string | undefined> {
  try {
    return (await bounded(task, boundMs, systemClock())) === late ? tell() : undefined;
  } catch (thrown) {
    return describeThrown(thrown);
  }
}

/** Journals that the subject hung, and says it in words. */
function tellHung({ journal }: StartedTable, hung: Hung): string {
  journal.append('lab', 'lab.hung', hung);
  const { how, part, boundMs, at } = hung;
  const within = `${boundMs / 1_000} s`;
  const where = at === undefined ? '' : `, at ${at}`;
  if (how === 'spins')
    return `it kept its thread busy for ${within} of processor time without a pause${where}`;
  if (how === 'blocks') return `it held its thread for ${within} in a call that did not return${where}`;
  return `the ${part} did not end within ${within}`;
}

/** Without planted secrets. */
function scrubbed({ reports, error }: Told, journal: Journal): Told {
  const told = reports.map((report) => journal.scrub({ ...report }));
  return error === undefined ? { reports: told } : { reports: told, ...journal.scrub({ error }) };
}

function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const place = ownLine(thrown.stack ?? '');
  return place === undefined ? thrown.message : `${thrown.message}, at ${place}`;
}
