/** `shaketable run --on URL`: hands the scenarios out to workers, and makes one report of what comes back. */
import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import type { Project } from '../config/project.ts';
import { LabError } from '../errors.ts';
import { codeIdentity, sameCode } from '../scale/code-identity.ts';
import { type JudgedProgram, runScenariosOn } from '../scale/coordinator/run-scenarios.ts';
import { workerWorlds } from '../scale/kinds/scenario.ts';
import type { WantedWorld } from '../world-list.ts';
import { loadWorld } from '../worlds/load-world.ts';
import { interruptible } from './interrupt.ts';
import { openEngine } from './open-engine.ts';
import { handedOut } from './own-subject.ts';
import { paceOf } from './pace-of.ts';
import { playable, workersIn } from './playable.ts';
import type { RunFlags } from './run-flags.ts';
import type { ScenarioFile } from './scenario-files.ts';
import { repeatedly, tellRun } from './tell-run.ts';

type WorkerWorld = (typeof workerWorlds)[number];

export async function runOnCommand(
  flags: RunFlags & { on: string },
  project: Project,
  found: readonly ScenarioFile[],
  judged?: Omit<JudgedProgram, 'wanted'>,
): Promise<number> {
  refuseMisfits(flags);
  const world = worldFor(flags.world);
  return await interruptible(async (signal) => {
    const scenarios = await playable(found, world);
    const folders = project.folders.map(({ directory }) => directory);
    refuseStrays(scenarios, folders);
    const module = await loadWorld(world);
    const code = flags.on.startsWith('embedded') ? await sameCode() : await codeIdentity(project);
    const program = judged && { ...judged, wanted: await handedOut(judged.subject) };
    const seed = flags.seed ?? randomInt(1, 1_000_000);
    await using engine = await openEngine(flags.on, {
      code,
      project: flags.project === undefined ? undefined : resolve(flags.project),
      setUp: flags.setUp,
      slots: () => workersIn(module, scenarios.length, flags.workers),
      note: (line) => console.error(line),
    });
    const options = {
      engine,
      code,
      scenarios,
      folders,
      world,
      pace: paceOf(flags.pace, module.paces, judged?.subject),
      ...(program === undefined ? {} : { program }),
      out: resolve(flags.out),
      signal,
    };
    return await repeatedly(flags.repeat, seed, (each) =>
      tellRun(flags.json, (terminal) => runScenariosOn({ ...options, seed: each, terminal })),
    );
  });
}

/** What is for one machine alone. */
function refuseMisfits({ on, shard, debug, workers }: RunFlags & { on: string }): void {
  const refuse = (what: string, hint: string): LabError => new LabError('LAB_BAD_INPUT', what, { hint });
  if (shard !== undefined)
    throw refuse(
      '--shard and --on both divide a run',
      'Leave out one: workers take what there is, in their own time.',
    );
  if (debug)
    throw refuse(
      '--debug keeps what stays on the machine of a worker',
      'Play that scenario here, without --on.',
    );
  if (workers !== undefined && on !== 'embedded')
    throw refuse(
      '--workers is of this machine',
      'A worker has slots of its own: `shaketable worker --slots N`.',
    );
}

/** Every worker has these worlds, or can say that it has not. */
function worldFor(wanted: WantedWorld): WorkerWorld {
  if (wanted === 'auto') return 'local';
  const found = workerWorlds.find((world) => world === wanted);
  if (found) return found;
  throw new LabError('LAB_BAD_INPUT', `Workers do not play in the world ${wanted}`, {
    hint: `Theirs are ${workerWorlds.join(' and ')}; play in another on this machine, without --on.`,
  });
}

/** A worker finds a scenario by its id, among those of its own copy of the project. */
function refuseStrays(scenarios: readonly ScenarioFile[], folders: readonly string[]): void {
  const stray = scenarios.find(({ file }) => !folders.some((folder) => file.startsWith(`${folder}/`)));
  if (stray === undefined) return;
  throw new LabError('LAB_BAD_INPUT', `${stray.file} is not in the project's folders of scenarios`, {
    hint: 'Workers know a scenario by its id: move it there, or play it here, without --on.',
  });
}
