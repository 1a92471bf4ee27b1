/**
 * Units that are one scenario of a run: each is played to a part of that run, as `run --shard` leaves one, so that the parts are merged
 * as shards are.
 */
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from 'shaketable-proxy/clock';
import { z } from 'zod';
import { labTemporaryDirectory, openLedger } from '../../cleanup/index.ts';
import { LabError } from '../../errors.ts';
import type { Json, JsonObject } from '../../journal/fields.ts';
import { runId } from '../../report/run-id.ts';
import type { TerminalReporter } from '../../report/terminal/reporter.ts';
import { writeRun } from '../../report/write-reports.ts';
import { chooseWorld } from '../../run/choose-world.ts';
import type { RunScenarioOptions } from '../../run/play-subject.ts';
import { runFiles } from '../../run/run-files.ts';
import type { JudgedScenario } from '../../run/run-scenario.ts';
import { toRunResult } from '../../run/to-run-result.ts';
import { openVitest, type VitestOptions } from '../../run/vitest-run.ts';
import type { ServiceImage } from '../../worlds/service.ts';
import type { Pace, SharedEnvironment } from '../../worlds/world-module.ts';
import type { PlayerContext, UnitPlayer } from '../slot/serve-units.ts';
import { digestOf } from '../unit.ts';

/** Worlds that a worker can have of its own. */
export const workerWorlds = ['local', 'containers'] as const;

const scenarioUnit = z.strictObject({
  id: z.string().min(1).max(500),
  seed: z.number().int().min(0),
  world: z.enum(workerWorlds),
  pace: z.enum(['fast', 'real']),
  /** The user's own program: its subject file, which the worker has to have alike, below the folder that it works in. */
  subject: z.strictObject({ file: z.string().min(1).max(1_000), sha256: z.string() }).optional(),
  /** From 0, among the scenarios of the run. */
  place: z.number().int().min(0),
  of: z.number().int().min(1),
});

/** What a unit is, as JSON. */
export type ScenarioUnit = z.infer<typeof scenarioUnit>;

/** A program of the user's. */
export type UserSubject = NonNullable<RunScenarioOptions['subject']>;

/** What came of it beside its files. */
export interface ScenarioValue {
  readonly versions: Readonly<Record<string, string>>;
  /** Why the lab could not play it. */
  readonly failure?: { readonly code: string; readonly message: string; readonly hint?: string };
}

interface ScenarioPlayerOptions extends PlayerContext {
  /** Folders in which a file's place is its scenario's id, absolute. */
  readonly folders: readonly string[];
  /** The file of a scenario of this project. @throws LabError `LAB_BAD_INPUT` when it has none of that name */
  fileOf(id: string): Promise<string>;
  services(): Promise<readonly ServiceImage[]>;
  /** The program of a subject file. @throws LabError `LAB_BAD_INPUT` where this machine has not the same */
  subjectOf(wanted: NonNullable<ScenarioUnit['subject']>, pace: Pace): Promise<UserSubject>;
  /** May install what is missing. */
  readonly setUp: boolean;
}

export function createScenarioPlayer(options: ScenarioPlayerOptions): UnitPlayer {
  const clock = systemClock();
  let stage: { readonly key: string; readonly opened: Promise<Stage> } | undefined;

  const stageFor = async (unit: ScenarioUnit): Promise<Stage> => {
    const { world, seed, pace, subject } = unit;
    const key = JSON.stringify({ world, seed, pace, subject });
    if (stage?.key === key) return stage.opened;
    await leave();
    const opened = openStage(unit, options);
    stage = { key, opened };
    opened.catch(() => {
      stage = undefined;
    });
    return opened;
  };
  const leave = async (): Promise<void> => {
    const last = stage;
    stage = undefined;
    await (await last?.opened.catch(() => undefined))?.[Symbol.asyncDispose]();
  };

  return {
    async play(payload, directory) {
      const unit = parseUnit(payload);
      const file = await options.fileOf(unit.id);
      const { environment, owner, how, scenarioOptions } = await stageFor(unit);
      const { seed, pace, world, place, of } = unit;
      // Journals are written to the unit's own directory from the first entry on: whoever finds it dead has them.
      const journals = join(scenarioOptions.directory, 'journals');
      await mkdir(join(directory, 'journals'));
      await rm(journals, { force: true });
      await symlink(join(directory, 'journals'), journals);
      const begunMs = clock.now();
      const part = { index: place + 1, of };
      const { results, failure } = await runFiles({ ...how, files: [file] }, scenarioOptions, owner);
      const trouble = environment.trouble();
      if (trouble) throw trouble;
      if (failure && results.length === 0) throw failure;
      const run = await toRunResult({
        id: runId(begunMs, seed, part),
        seed,
        world,
        pace,
        begunMs,
        durationMs: clock.now() - begunMs,
        environment,
        placed: results.map(({ result }) => ({ place, result })),
        failure,
        part,
        subject: scenarioOptions.subject,
      });
      await writeRun(directory, run);
      const { code, message, hint } = failure ?? {};
      const value = {
        versions: run.versions,
        ...(failure === undefined ? {} : { failure: { code, message, hint } }),
      } as Json;
      const files = run.scenarios.flatMap(({ subjects }) => subjects.map(({ journal }) => journal));
      return {
        digest: digestOf(results.map(({ result }) => verdictOf(result))),
        value,
        files: ['run.json', ...files.filter((journal) => journal !== '')],
      };
    },
    [Symbol.asyncDispose]: leave,
  };
}

/** What scenarios share in one world and seed, for as long as such units come. */
interface Stage extends AsyncDisposable {
  readonly environment: SharedEnvironment;
  readonly owner: string;
  readonly how: Omit<VitestOptions, 'files'>;
  readonly scenarioOptions: RunScenarioOptions;
}

async function openStage(
  { world, seed, pace, subject: wanted }: ScenarioUnit,
  options: ScenarioPlayerOptions,
): Promise<Stage> {
  const { signal } = new AbortController();
  const resources = new AsyncDisposableStack();
  try {
    const ledger = resources.use(await openLedger());
    const { owner } = ledger;
    const { module, found } = await chooseWorld(world);
    const directory = resources.use(await labTemporaryDirectory('stage', { ledger }));
    const environment = resources.use(
      await found.startShared({
        services: options.services,
        setUp: options.setUp,
        seed,
        owner,
        announce: options.note,
        signal,
      }),
    );
    const subject = wanted && (await options.subjectOf(wanted, pace));
    const scenarioOptions: RunScenarioOptions = {
      seed,
      pace,
      directory: directory.path,
      debug: false,
      drafts: true,
      folders: options.folders,
      world: { name: world, facts: environment.facts },
      ...(subject === undefined ? {} : { subject }),
    };
    const how = {
      workers: 1,
      terminal: silent(options.note),
      signal,
      ...(module.workerSetUp === undefined ? {} : { workerSetUp: module.workerSetUp }),
    };
    const opened = resources.use(await openVitest({ ...how, files: [] }, scenarioOptions, owner));
    return {
      environment,
      owner,
      how: { ...how, opened },
      scenarioOptions,
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

/** What of a scenario the seed decides: on real sockets not a time, but every verdict. */
function verdictOf({ id, outcome, subjects }: JudgedScenario): Json {
  const judged = subjects.map(({ name, outcome: of, checks }) => ({
    name,
    outcome: of,
    checks: checks.map((check) => [check.id, check.outcome]),
  }));
  return { id, outcome, subjects: judged };
}

function parseUnit(payload: JsonObject): ScenarioUnit {
  const parsed = scenarioUnit.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new LabError('LAB_BAD_INPUT', `This is no unit of a run: ${parsed.error.issues[0]?.message}`);
}

function silent(note: (line: string) => void): TerminalReporter {
  const nothing = (): void => {};
  return {
    runStarted: nothing,
    scenarioStarted: nothing,
    scenarioFinished: nothing,
    note,
    runFinished: nothing,
    [Symbol.dispose]: nothing,
  };
}
