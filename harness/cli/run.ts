/**
 * `shaketable run`: runs scenarios and writes a report.
 */
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { LabError } from '../errors.ts';
import { outcomeWords } from '../report/scenario-outcome.ts';
import { createTerminalReporter } from '../report/terminal/reporter.ts';
import { chooseWorld, type WantedWorld } from '../run/choose-world.ts';
import { runScenarios } from '../run/runner.ts';
import { interruptible } from './interrupt.ts';
import { findScenarios } from './scenario-files.ts';
import { serviceImages } from './service-images.ts';

interface RunFlags {
  world: WantedWorld;
  seed?: number;
  pace: 'fast' | 'real';
  shard?: string;
  out: string;
  workers?: number;
  setUp: boolean;
  json: boolean;
}

export async function runCommand(wanted: string[], flags: RunFlags): Promise<number> {
  const scenarios = await findScenarios(wanted);
  if (flags.shard !== undefined) checkShard(flags.shard, scenarios.length);
  using terminal = createTerminalReporter({ stream: flags.json ? process.stderr : process.stdout });
  return await interruptible(async (signal) => {
    const world = await chooseWorld(flags.world);
    const { run, directory, failure } = await runScenarios({
      world,
      services: await serviceImages(world),
      files: scenarios.map(({ file }) => file),
      seed: flags.seed ?? randomInt(1, 1_000_000),
      pace: flags.pace,
      out: resolve(flags.out),
      // Scenarios mostly wait: more of them than cores keeps the cores busy.
      workers: flags.workers ?? Math.max(2, availableParallelism() * 2),
      setUp: flags.setUp,
      terminal,
      signal,
      ...(flags.shard === undefined ? {} : { shard: flags.shard }),
    });
    terminal.runFinished(run, directory);
    if (flags.json) process.stdout.write(await readFile(join(directory, 'run.json'), 'utf8'));
    if (failure) throw failure;
    return outcomeWords[run.outcome].exitCode;
  });
}

function checkShard(shard: string, scenarios: number): void {
  const parts = Number(shard.split('/')[1]);
  if (parts <= scenarios) return;
  throw new LabError('LAB_BAD_INPUT', `--shard ${shard} makes ${parts} parts of ${scenarios} scenarios`, {
    hint: 'Give no more parts than there are scenarios.',
  });
}
