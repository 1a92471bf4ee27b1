/**
 * `shaketable run`: runs scenarios and writes a report.
 */
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { loadProject } from '../config/project.ts';
import { LabError } from '../errors.ts';
import { readChanges } from '../report/history/changes-since.ts';
import { outcomeWords, runOutcome } from '../report/scenario-outcome.ts';
import { repeatLines } from '../report/terminal/repeat-lines.ts';
import { createTerminalReporter } from '../report/terminal/reporter.ts';
import { chooseWorld } from '../run/choose-world.ts';
import { type FinishedRun, type RunOptions, runScenarios } from '../run/runner.ts';
import { idleShare, workersOn } from '../run/workers.ts';
import { sharedWorlds, type WantedWorld, type WorldName } from '../world-list.ts';
import type { Pace, WorldModule } from '../worlds/world-module.ts';
import { interruptible } from './interrupt.ts';
import { loadScenarios, refuseDoubles } from './load-scenarios.ts';
import { findScenarios, type ScenarioFile } from './scenario-files.ts';
import { serviceImages } from './service-images.ts';

interface RunFlags {
  readonly world: WantedWorld;
  readonly config?: string;
  readonly project?: string;
  readonly seed?: number;
  readonly pace: Pace;
  readonly shard?: string;
  readonly out: string;
  readonly workers?: number;
  readonly setUp: boolean;
  readonly json: boolean;
  readonly repeat: number;
  readonly debug: boolean;
}

export async function runCommand(wanted: string[], flags: RunFlags): Promise<number> {
  if (flags.config !== undefined && !isShared(flags.world)) throw configForNothing(flags.world);
  const project = await loadProject(flags.project);
  const found = await findScenarios(wanted, project);
  await refuseDoubles(found);
  if (flags.repeat > 1 && flags.json) throw jsonOfMany();
  return await interruptible(async (signal) => {
    const world = await chooseWorld(flags.world, { configFile: flags.config });
    const scenarios = await playable(found, world.module.name);
    if (flags.shard !== undefined) checkShard(flags.shard, scenarios.length);
    const { paces } = world.module;
    const seed = flags.seed ?? randomInt(1, 1_000_000);
    const options = {
      world,
      services: () => serviceImages(project),
      files: scenarios.map(({ file }) => file),
      folders: project.folders.map(({ directory }) => directory),
      pace: paces.includes(flags.pace) ? flags.pace : paces[0],
      out: resolve(flags.out),
      workers: await workersIn(world.module, scenarios.length, flags.workers),
      setUp: flags.setUp,
      debug: flags.debug,
      signal,
      ...(flags.shard === undefined ? {} : { shard: flags.shard }),
    };
    const runs: FinishedRun[] = [];
    while (runs.length < flags.repeat)
      runs.push(await runOnce({ ...options, seed: seed + runs.length }, flags));
    const results = runs.map(({ run }) => run);
    if (runs.length > 1) for (const line of repeatLines(results)) console.log(line);
    const failure = runs.find((finished) => finished.failure)?.failure;
    if (failure) throw failure;
    return outcomeWords[runOutcome(results)].exitCode;
  });
}

async function runOnce(
  options: Omit<RunOptions, 'terminal'>,
  { json, debug }: RunFlags,
): Promise<FinishedRun> {
  using terminal = createTerminalReporter({ stream: json ? process.stderr : process.stdout });
  const finished = await runScenarios({ ...options, terminal });
  const { run, directory, failure } = finished;
  terminal.runFinished(run, directory, failure, await readChanges(directory, run));
  if (debug) console.error(`  raw logs and files of each table: ${join(directory, 'debug')}`);
  if (json) process.stdout.write(await readFile(join(directory, 'run.json'), 'utf8'));
  return finished;
}

/** As many as were asked for, or are usual there and the machine has room for, and no more than the world can play at a time. */
async function workersIn(
  { usualWorkers, mostWorkers = Number.POSITIVE_INFINITY }: WorldModule,
  scenarios: number,
  wanted?: number,
): Promise<number> {
  if (wanted !== undefined) return Math.min(wanted, mostWorkers);
  const usual = Math.min(Math.ceil(usualWorkers(availableParallelism())), mostWorkers, scenarios);
  if (usual <= 1) return 1;
  const idle = await idleShare();
  const workers = workersOn(idle, usual);
  const busy = `this machine is ${Math.round((1 - idle) * 100)} % busy`;
  if (workers < usual)
    console.error(`${busy}: ${workers} of the usual ${usual} scenarios at a time (--workers)`);
  return workers;
}

/** Those that are for this world; the others are named. One that cannot be loaded is left to its run. */
async function playable(scenarios: readonly ScenarioFile[], world: WorldName): Promise<ScenarioFile[]> {
  const kept: ScenarioFile[] = [];
  const left: string[] = [];
  for (const scenario of scenarios) {
    const [declared] = await loadScenarios([scenario]).catch(() => []);
    if (declared === undefined || declared.worlds.includes(world)) kept.push(scenario);
    else left.push(`${declared.id} (${declared.worlds.join(', ')})`);
  }
  if (left.length > 0) console.error(`Not played, for other worlds than ${world}: ${left.join(', ')}`);
  if (kept.length > 0) return kept;
  throw new LabError('LAB_BAD_INPUT', `None of these scenarios is for the world ${world}`, {
    hint: 'Name another with --world; `shaketable list --json` shows the worlds of each.',
  });
}

function isShared(world: WantedWorld): world is WorldName {
  return (sharedWorlds as readonly string[]).includes(world);
}

function jsonOfMany(): LabError {
  return new LabError('LAB_BAD_INPUT', '--json prints one run, and --repeat makes several', {
    hint: 'Leave one of them out; each run keeps its own run.json.',
  });
}

function configForNothing(world: WantedWorld): LabError {
  return new LabError(
    'LAB_BAD_INPUT',
    `--config tells of a server of somebody else, and --world ${world} uses none`,
    {
      hint: `Add --world ${sharedWorlds[0]}, or leave --config out.`,
    },
  );
}

function checkShard(shard: string, scenarios: number): void {
  const parts = Number(shard.split('/')[1]);
  if (parts <= scenarios) return;
  throw new LabError('LAB_BAD_INPUT', `--shard ${shard} makes ${parts} parts of ${scenarios} scenarios`, {
    hint: 'Give no more parts than there are scenarios.',
  });
}
