/**
 * `shaketable run`: runs scenarios and writes a report.
 */
import { randomInt } from 'node:crypto';
import { join, resolve } from 'node:path';
import { loadProject } from '../config/project.ts';
import { LabError } from '../errors.ts';
import { expectWritable } from '../report/expect-writable.ts';
import { chooseWorld } from '../run/choose-world.ts';
import { type FinishedRun, type RunOptions, runScenarios } from '../run/runner.ts';
import { sharedWorlds, type WantedWorld, type WorldName } from '../world-list.ts';
import { interruptible } from './interrupt.ts';
import { refuseDoubles } from './load-scenarios.ts';
import { paceOf } from './pace-of.ts';
import { playable, workersIn } from './playable.ts';
import { type PairsHeld, provePairs } from './prove-pairs.ts';
import type { RunFlags } from './run-flags.ts';
import { chosenSubject, forSubject } from './run-subject.ts';
import { findScenarios, withNamed } from './scenario-files.ts';
import { serviceImages } from './service-images.ts';
import { repeatedly, tellRun } from './tell-run.ts';

/** `command` is what stood behind `--`: a subject without a file. */
export async function runCommand(
  wanted: string[],
  flags: RunFlags,
  command?: readonly string[],
): Promise<number> {
  if (flags.config !== undefined && !isShared(flags.world)) throw configForNothing(flags.world);
  if (flags.repeat > 1 && flags.json) throw jsonOfMany();
  await expectWritable(flags.out, 'folder');
  const project = await loadProject(flags.project);
  const all = await findScenarios(wanted, project);
  // Before each scenario is loaded, which takes seconds.
  const subject = await chosenSubject(flags, command);
  await refuseDoubles(all);
  const { found, left } = subject ? await forSubject(all, subject) : { found: all, left: [] };
  if (flags.on !== undefined) {
    const { runOnCommand } = await import('./run-on.ts');
    return await runOnCommand({ ...flags, on: flags.on }, project, found, subject && { subject, left });
  }
  return await interruptible(async (signal) => {
    const world = await chooseWorld(subject ? 'local' : flags.world, { configFile: flags.config });
    const scenarios = await playable(found, world.module.name);
    if (flags.shard !== undefined) checkShard(flags.shard, scenarios.length);
    const { paces } = world.module;
    const seed = flags.seed ?? randomInt(1, 1_000_000);
    const played = withNamed(project, scenarios);
    const options = {
      world,
      services: () => serviceImages(played),
      files: scenarios.map(({ file }) => file),
      folders: played.folders.map(({ directory }) => directory),
      pace: paceOf(flags.pace, paces, subject),
      ...(subject === undefined ? {} : { subject, left }),
      out: resolve(flags.out),
      workers: await workersIn(world.module, scenarios.length, flags.workers),
      setUp: flags.setUp,
      debug: flags.debug,
      signal,
      ...(flags.shard === undefined ? {} : { shard: flags.shard }),
    };
    const pairs = subject && flags.pairs ? await pairsHeld() : {};
    return await repeatedly(flags.repeat, seed, (each) => runOnce({ ...options, pairs, seed: each }, flags));

    async function pairsHeld(): Promise<PairsHeld> {
      const { subject: _, left: __, files: ___, ...own } = options;
      return await provePairs(scenarios, { ...own, seed, pace: 'fast' }, (line) => console.error(line));
    }
  });
}

async function runOnce(
  options: Omit<RunOptions, 'terminal'>,
  { json, debug }: RunFlags,
): Promise<FinishedRun> {
  const finished = await tellRun(json, (terminal) => runScenarios({ ...options, terminal }));
  if (debug) console.error(`  raw logs and files of each table: ${join(finished.directory, 'debug')}`);
  return finished;
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
