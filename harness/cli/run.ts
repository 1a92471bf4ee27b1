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
import { outcomeWords } from '../report/scenario-outcome.ts';
import { createTerminalReporter } from '../report/terminal/reporter.ts';
import { chooseWorld } from '../run/choose-world.ts';
import { runScenarios } from '../run/runner.ts';
import { worldsOf } from '../run/scenario.ts';
import { sharedWorlds, type WantedWorld, type WorldName } from '../world-list.ts';
import type { Pace, WorldModule } from '../worlds/world-module.ts';
import { interruptible } from './interrupt.ts';
import { loadScenarios, refuseDoubles, someNeedDatabase } from './load-scenarios.ts';
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
}

export async function runCommand(wanted: string[], flags: RunFlags): Promise<number> {
  if (flags.config !== undefined && !isShared(flags.world)) throw configForNothing(flags.world);
  const project = await loadProject(flags.project);
  const scenarios = await playable(await findScenarios(wanted, project), flags.world);
  await refuseDoubles(scenarios);
  if (flags.shard !== undefined) checkShard(flags.shard, scenarios.length);
  using terminal = createTerminalReporter({ stream: flags.json ? process.stderr : process.stdout });
  return await interruptible(async (signal) => {
    const world = await chooseWorld(flags.world, { configFile: flags.config });
    const { paces } = world.module;
    const { run, directory, failure } = await runScenarios({
      world,
      services: () => serviceImages(project),
      files: scenarios.map(({ file }) => file),
      folders: project.folders.map(({ directory }) => directory),
      seed: flags.seed ?? randomInt(1, 1_000_000),
      pace: paces.includes(flags.pace) ? flags.pace : paces[0],
      out: resolve(flags.out),
      workers: workersIn(world.module, flags.workers),
      needsDatabase: await someNeedDatabase(scenarios),
      setUp: flags.setUp,
      terminal,
      signal,
      ...(flags.shard === undefined ? {} : { shard: flags.shard }),
    });
    terminal.runFinished(run, directory, failure, await readChanges(directory, run));
    if (flags.json) process.stdout.write(await readFile(join(directory, 'run.json'), 'utf8'));
    if (failure) throw failure;
    return outcomeWords[run.outcome].exitCode;
  });
}

/** As many as were asked for or are usual there, and no more than the world can play at a time. */
function workersIn({ usualWorkers, mostWorkers = Number.POSITIVE_INFINITY }: WorldModule, wanted?: number) {
  return Math.min(wanted ?? Math.ceil(usualWorkers(availableParallelism())), mostWorkers);
}

/** Those that can be played in a world whose server is shared; the others are counted. */
async function playable(scenarios: ScenarioFile[], world: WantedWorld): Promise<ScenarioFile[]> {
  if (!isShared(world)) return scenarios;
  const declared = await loadScenarios(scenarios);
  const there = declared.filter((definition) => worldsOf(definition).includes(world)).map(({ id }) => id);
  const left = declared.filter(({ id }) => !there.includes(id));
  if (left.length > 0)
    console.error(
      `Not played: ${left.length} scenarios need settings or a database of their own (shaketable list --json)`,
    );
  const kept = scenarios.filter(({ id }) => there.includes(id));
  if (kept.length > 0) return kept;
  throw new LabError('LAB_BAD_INPUT', 'None of these scenarios can be played on a server of somebody else', {
    hint: '`shaketable list --json` shows the worlds of each.',
  });
}

function isShared(world: WantedWorld): world is WorldName {
  return (sharedWorlds as readonly string[]).includes(world);
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
