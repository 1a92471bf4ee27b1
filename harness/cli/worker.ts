/** `shaketable worker --on URL`: plays work of others on this machine, until it is stopped. */
import { availableParallelism } from 'node:os';
import { loadProject } from '../config/project.ts';
import { LabError } from '../errors.ts';
import { sweepOrphans } from '../run/sweep.ts';
import { codeIdentity } from '../scale/code-identity.ts';
import { interruptible } from './interrupt.ts';
import { awaitEngine } from './open-engine.ts';
import { workHere } from './work-here.ts';

interface WorkerFlags {
  readonly on: string;
  readonly slots?: number;
  readonly name?: string;
  readonly project?: string;
  readonly run?: string;
  readonly memory?: number;
  readonly unitTime?: number;
  readonly idle?: number;
  readonly setUp: boolean;
}

export async function workerCommand(flags: WorkerFlags): Promise<number> {
  if (flags.on.startsWith('embedded'))
    throw new LabError('LAB_BAD_INPUT', 'A worker takes work from a server', {
      hint: '`embedded` is for `shaketable run --on embedded:4`, which starts its worker itself.',
    });
  const project = await loadProject(flags.project);
  for (const line of await sweepOrphans()) console.log(`left by an earlier run: ${line}`);
  return await interruptible(async (signal) => {
    const code = await codeIdentity(project);
    const slots = flags.slots ?? Math.max(1, Math.floor(availableParallelism() / 2));
    await using engine = await awaitEngine(flags.on, (line) => console.log(line), signal);
    console.log(`worker of ${engine.address}, ${slots} at a time; Ctrl-C stops it`);
    const { name, run, memory, unitTime, idle } = flags;
    await workHere({
      engine,
      code,
      slots,
      setUp: flags.setUp,
      ...(flags.project === undefined ? {} : { project: flags.project }),
      ...(name === undefined ? {} : { name }),
      ...(run === undefined ? {} : { run }),
      ...(memory === undefined ? {} : { memoryMb: memory }),
      ...(unitTime === undefined ? {} : { unitMs: unitTime * 1_000 }),
      ...(idle === undefined ? {} : { idleMs: idle * 1_000 }),
      announce: (line) => console.log(line),
      signal,
    });
    return 0;
  });
}
