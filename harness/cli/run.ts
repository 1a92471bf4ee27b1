/**
 * `shaketable run`: runs scenarios and writes a report.
 */
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { loadProject } from '../config/project.ts';
import { LabError } from '../errors.ts';
import { outcomeWords } from '../report/scenario-outcome.ts';
import { createTerminalReporter } from '../report/terminal/reporter.ts';
import { type ChosenWorld, chooseWorld, type WantedWorld } from '../run/choose-world.ts';
import { runScenarios } from '../run/runner.ts';
import { worldsOf } from '../run/scenario.ts';
import { interruptible } from './interrupt.ts';
import { loadScenarios, someNeedDatabase } from './load-scenarios.ts';
import { findScenarios, type ScenarioFile } from './scenario-files.ts';
import { serviceImages } from './service-images.ts';

interface RunFlags {
  world: WantedWorld;
  config?: string;
  project?: string;
  seed?: number;
  pace: 'fast' | 'real';
  shard?: string;
  out: string;
  workers?: number;
  setUp: boolean;
  json: boolean;
}

export async function runCommand(wanted: string[], flags: RunFlags): Promise<number> {
  const project = await loadProject(flags.project);
  const scenarios = await playable(await findScenarios(wanted, project), flags.world);
  if (flags.shard !== undefined) checkShard(flags.shard, scenarios.length);
  using terminal = createTerminalReporter({ stream: flags.json ? process.stderr : process.stdout });
  return await interruptible(async (signal) => {
    const world = await chooseWorld(flags.world, flags.config);
    // A server of somebody else's knows no other time than ours, and is one for all.
    const external = world.name === 'external';
    const { run, directory, failure } = await runScenarios({
      world,
      services: await serviceImages(world, project),
      files: scenarios.map(({ file }) => file),
      folders: project.folders.map(({ directory }) => directory),
      seed: flags.seed ?? randomInt(1, 1_000_000),
      pace: external ? 'real' : flags.pace,
      out: resolve(flags.out),
      workers: external ? 1 : (flags.workers ?? usualWorkers(world)),
      needsDatabase: await someNeedDatabase(scenarios),
      setUp: flags.setUp,
      terminal,
      signal,
      ...(flags.shard === undefined ? {} : { shard: flags.shard }),
    });
    terminal.runFinished(run, directory, failure);
    if (flags.json) process.stdout.write(await readFile(join(directory, 'run.json'), 'utf8'));
    if (failure) throw failure;
    return outcomeWords[run.outcome].exitCode;
  });
}

/** Scenarios mostly wait: more of them than cores keeps the cores busy. Containers do more work of their own. */
function usualWorkers({ name }: ChosenWorld): number {
  return Math.max(2, Math.ceil(availableParallelism() * (name === 'containers' ? 1.5 : 2)));
}

/** In the world `external`, those that can be played there; the others are named. */
async function playable(scenarios: ScenarioFile[], world: WantedWorld): Promise<ScenarioFile[]> {
  if (world !== 'external') return scenarios;
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

function checkShard(shard: string, scenarios: number): void {
  const parts = Number(shard.split('/')[1]);
  if (parts <= scenarios) return;
  throw new LabError('LAB_BAD_INPUT', `--shard ${shard} makes ${parts} parts of ${scenarios} scenarios`, {
    hint: 'Give no more parts than there are scenarios.',
  });
}
