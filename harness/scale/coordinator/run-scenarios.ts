/** A run of scenarios on an engine: a unit for each, and one report, made of the parts as `shaketable merge` makes it of shards. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import { labTemporaryDirectory } from '../../cleanup/index.ts';
import { LabError, type LabErrorCode } from '../../errors.ts';
import { draftEnding, readDraft } from '../../journal/draft.ts';
import { writeRecording } from '../../journal/store.ts';
import type { Engine } from '../../queue/engine.ts';
import { storeMerged } from '../../report/merge/store-merged.ts';
import { readRun } from '../../report/read-run.ts';
import { runId } from '../../report/run-id.ts';
import type { NotApplicable, RunResult, ScenarioResult, SubjectResult } from '../../report/run-result.ts';
import type { TerminalReporter } from '../../report/terminal/reporter.ts';
import { writeRun } from '../../report/write-reports.ts';
import { announceSubject } from '../../run/announce-subject.ts';
import { replayCommand } from '../../run/replay.ts';
import type { FinishedRun } from '../../run/runner.ts';
import { subjectFacts } from '../../run/to-run-result.ts';
import { versions } from '../../run/versions.ts';
import type { WorldName } from '../../world-list.ts';
import { loadWorld } from '../../worlds/load-world.ts';
import type { Pace } from '../../worlds/world-module.ts';
import type { ScenarioUnit, ScenarioValue, UserSubject, workerWorlds } from '../kinds/scenario.ts';
import { unitOf } from '../unit.ts';
import { insistently } from '../worker/insist.ts';
import { fetchFiles } from './fetch-files.ts';
import { type Alarm, type PlayedUnits, playUnits, type UnitResult } from './play-units.ts';

/** The user's own program that is judged in the place of the lab's agents. */
export interface JudgedProgram {
  readonly subject: UserSubject;
  /** How workers find theirs. */
  readonly wanted: NonNullable<ScenarioUnit['subject']>;
  /** Scenarios that were asked for and cannot be played with it. */
  readonly left: readonly NotApplicable[];
}

export interface RunOnOptions {
  readonly engine: Engine;
  /** The code that may play it. */
  readonly code: Readonly<Record<string, string>>;
  readonly scenarios: readonly { readonly id: string; readonly file: string }[];
  /** Folders in which a file's place is its scenario's id, absolute. */
  readonly folders: readonly string[];
  readonly seed: number;
  readonly world: (typeof workerWorlds)[number];
  readonly pace: Pace;
  readonly program?: JudgedProgram;
  /** Directory of all runs. */
  readonly out: string;
  readonly terminal: TerminalReporter;
  readonly signal: AbortSignal;
  /** Milliseconds without a word of any worker until the run is given up. */
  readonly patienceMs?: number;
}

/** Milliseconds that a unit is a worker's without an extension. */
const leaseMs = 5_000;

/**
 * Plays the scenarios. @throws LabError `LAB_NO_WORKER`, `LAB_QUEUE_GONE`, and `LAB_BAD_INPUT` for workers that do not fit together;
 * aborts with `signal.reason`. Nothing is left on the engine.
 */
export async function runScenariosOn(options: RunOnOptions): Promise<FinishedRun> {
  const { engine, code, scenarios, seed, world, pace, program, out, terminal, signal } = options;
  const clock = systemClock();
  const begunMs = clock.now();
  const id = runId(begunMs, seed);
  // Two who begin in the same second must not see each other.
  const run = `${id}-${process.pid}`;
  const units = scenarios.map((scenario, place) => {
    const subject = program && { subject: program.wanted };
    const payload = { id: scenario.id, seed, world, pace, ...subject, place, of: scenarios.length };
    return unitOf('scenario', code, payload);
  });
  const placeOf = new Map(units.map((unit, place) => [unit.id, place]));
  if (program) announceSubject(program.subject, program.left, (line) => terminal.note(line));
  terminal.runStarted({ id, seed, world, pace: pace === 'real' ? 1 : 20, scenarios: scenarios.length });
  terminal.note(`work is handed out by ${engine.address}, run ${run}`);
  await using parts = await labTemporaryDirectory('parts');
  const directoryOf = (place: number): string => join(parts.path, String(place));
  const store = createPartStore({ ...options, clock, run, directoryOf });
  await engine.open({ run, kind: 'scenario', code, leaseMs });
  try {
    const played = await playUnits({
      engine,
      run,
      units,
      clock,
      signal,
      ...(options.patienceMs === undefined ? {} : { patienceMs: options.patienceMs }),
      note: (line) => terminal.note(line),
      onStatus({ playing }) {
        for (const unit of playing) {
          const scenario = scenarios[placeOf.get(unit) ?? -1];
          if (scenario && !store.has(unit)) terminal.scenarioStarted(scenario.id);
        }
      },
      onResult: (result) => store.keep(result, placeOf.get(result.unit.id) ?? 0),
    });
    await store.keepAside();
    for (const alarm of played.alarms) await contradict(directoryOf(placeOf.get(alarm.unit) ?? 0), alarm);
    const directories = scenarios.map((_scenario, place) => directoryOf(place));
    const merged = await storeMerged(directories, out, signal, undefined, {
      id,
      startedAt: new Date(begunMs).toISOString(),
      durationMs: Math.round(clock.now() - begunMs),
      workers: workerRows(played),
      ...(program === undefined ? {} : { notApplicable: program.left }),
    });
    for (const line of merged.notes) terminal.note(line);
    const failure = store.failure();
    return { run: merged.run, directory: merged.directory, ...(failure ? { failure } : {}) };
  } finally {
    await engine
      .remove(run)
      .catch((error: Error) => terminal.note(`${run} is still there: ${error.message}`));
  }
}

interface PartStoreOptions extends RunOnOptions {
  readonly clock: Clock;
  readonly run: string;
  directoryOf(place: number): string;
}

/** Keeps what units came to as parts of the run. */
function createPartStore(options: PartStoreOptions) {
  const { engine, run, scenarios, seed, world, pace, program, terminal, clock, signal, directoryOf } =
    options;
  const insist = insistently(clock, signal, (why) => {
    if (why !== undefined) terminal.note(why);
  });
  const kept = new Set<string>();
  const aside: { place: number; scenario: ScenarioResult }[] = [];
  let first: { worker: string; versions: RunResult['versions'] } | undefined;
  let failure: LabError | undefined;

  return {
    has: (unit: string): boolean => kept.has(unit),
    /** Why not every scenario has a result. */
    failure: () => failure,
    async keep({ unit, outcome, worker, failures }: UnitResult, place: number): Promise<void> {
      kept.add(unit.id);
      if (outcome.kind === 'aside') {
        await fetchFiles(
          directoryOf(place),
          outcome.files,
          (blob) => insist(() => engine.getBlob(run, blob)),
          remainingFiles,
        );
        const scenario = await asideScenario(place, [`It was set aside: ${outcome.reason}.`, ...failures]);
        aside.push({ place, scenario });
        terminal.scenarioFinished(scenario);
        return;
      }
      const value = outcome.value as unknown as ScenarioValue;
      const told = value.versions as RunResult['versions'];
      first ??= { worker, versions: told };
      refuseOthers(first, { worker, versions: told });
      const directory = directoryOf(place);
      await fetchFiles(directory, outcome.files, (blob) => insist(() => engine.getBlob(run, blob)));
      const part = await readRun(directory);
      for (const scenario of part.scenarios) terminal.scenarioFinished(scenario);
      if (value.failure) {
        const { code, message, hint } = value.failure;
        failure ??= new LabError(code as LabErrorCode, message, hint === undefined ? {} : { hint });
      }
    },
    /** Makes parts of what was set aside, once it is known what the others were played with. */
    async keepAside(): Promise<void> {
      const others = first?.versions ?? (await versions('none'));
      for (const { place, scenario } of aside) {
        const startedMs = clock.now();
        await writeRun(directoryOf(place), {
          version: 1,
          id: runId(startedMs, seed, { index: place + 1, of: scenarios.length }),
          seed,
          world,
          pace: pace === 'real' ? 1 : 20,
          startedAt: new Date(startedMs).toISOString(),
          durationMs: 0,
          versions: others,
          outcome: 'inconclusive',
          scenarios: [scenario],
          claims: [],
          ...(program === undefined ? {} : { subject: subjectFacts(program.subject) }),
          shard: { index: place + 1, of: scenarios.length, places: [place], claimPlaces: [] },
        });
      }
    },
  };

  async function asideScenario(place: number, reasons: readonly string[]): Promise<ScenarioResult> {
    const { id: named, file } = scenarios[place] ?? { id: '', file: '' };
    const { id = named, reported, subjects } = await cutOff(directoryOf(place));
    const module = await loadWorld(world as WorldName);
    const subject = program && { subject: program.subject };
    const how = { seed, pace, module, facts: undefined, folders: options.folders, ...subject };
    return {
      id,
      title: 'It could not be played to a result',
      requirements: [],
      world,
      seed,
      durationMs: 0,
      asExpected: false,
      inconclusive: reasons,
      replay: replayCommand(id, file, how),
      ...(reported === undefined ? {} : { reported }),
      subjects,
      faults: [],
    };
  }
}

/** What a unit that died may have left. */
const remainingFiles = /^journals\/[^/\\]+\.ndjson(?:\.draft)?$/;

/** What the journals tell that were on disk when the unit died; they are made whole. Nothing where there are none. */
async function cutOff(
  directory: string,
): Promise<Partial<Pick<ScenarioResult, 'id' | 'reported'>> & Pick<ScenarioResult, 'subjects'>> {
  const names = await readdir(join(directory, 'journals'));
  const drafts = names.filter((name) => name.endsWith(draftEnding)).toSorted();
  let scenario: Partial<Pick<ScenarioResult, 'id' | 'reported'>> = {};
  const subjects: SubjectResult[] = [];
  for (const name of drafts) {
    const journal = `journals/${name.slice(0, -draftEnding.length)}`;
    const { expected, recording } = await readDraft(join(directory, 'journals', name));
    await writeRecording(join(directory, journal), recording);
    const { scenario: id, subject, reported = [] } = recording.header;
    scenario = { id, reported };
    subjects.push({
      name: subject,
      expected,
      outcome: 'unknown',
      journal,
      checks: [],
      error: 'its process ended with the unit: the journal goes up to there, and nothing of it was judged',
    });
  }
  return { ...scenario, subjects };
}

/** One report is of one set of versions. */
function refuseOthers(
  first: { worker: string; versions: RunResult['versions'] },
  other: { worker: string; versions: RunResult['versions'] },
): void {
  const names = Object.keys(first.versions) as (keyof RunResult['versions'])[];
  const name = names.find((each) => first.versions[each] !== other.versions[each]);
  if (name === undefined) return;
  throw new LabError(
    'LAB_BAD_INPUT',
    `Worker ${other.worker} has ${name} ${other.versions[name]}, but worker ${first.worker} has ${first.versions[name]}`,
    { hint: `Bring the workers to one version of ${name}, or stop those that differ.` },
  );
}

/** A scenario on which two workers do not agree proves nothing. */
async function contradict(directory: string, { workers: [one, other] }: Alarm): Promise<void> {
  const part = await readRun(directory);
  const why = `Determinism alarm: it was played by ${one} and by ${other}, on one seed, to different verdicts.`;
  const scenarios = part.scenarios.map((scenario) => ({
    ...scenario,
    asExpected: false,
    inconclusive: [...(scenario.inconclusive ?? []), why],
  }));
  await writeRun(directory, { ...part, scenarios, outcome: 'inconclusive' });
}

function workerRows({ results, workers }: PlayedUnits): NonNullable<RunResult['workers']> {
  return workers
    .map(({ worker, host, cpu, cores, slots, load }) => {
      const own = results.filter((result) => result.worker === worker);
      const busyMs = own.reduce(
        (sum, { outcome }) => sum + (outcome.kind === 'done' ? outcome.durationMs : 0),
        0,
      );
      return { name: worker, host, cpu, cores, slots, load, scenarios: own.length, busyMs };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
