/**
 * `shaketable explore`: draws fault schedules, judges what came of each, makes the first failures small, and shows them again on real
 * sockets.
 */
import { pathToFileURL } from 'node:url';
import { LabError } from '../errors.ts';
import { moduleEnding } from '../own-files.ts';
import { chooseWorld } from '../run/choose-world.ts';
import { scheduleWorlds } from '../world-list.ts';
import type { ExploreFlags } from './explore-flags.ts';
import { interruptible } from './interrupt.ts';

export async function exploreCommand(wanted: string | undefined, flags: ExploreFlags): Promise<number> {
  if (flags.on !== undefined) refuseMisfits(flags);
  return await interruptible(async (signal) => {
    const world = await chooseWorld(flags.world);
    // Before anything else is loaded: some libraries keep the clock and the chance that they find.
    const { workerSetUp } = world.module;
    if (workerSetUp !== undefined) await import(pathToFileURL(`${workerSetUp}${moduleEnding}`).href);
    const { exploreIn, replayIn } = await import('./explore-in.ts');
    return flags.replay === undefined
      ? await exploreIn(world, wanted, flags, signal)
      : await replayIn(world, flags.replay, flags, signal);
  });
}

/** What does not go with workers elsewhere. */
function refuseMisfits({ seeds, workers, replay, world }: ExploreFlags): void {
  const refuse = (what: string, hint: string): LabError => new LabError('LAB_BAD_INPUT', what, { hint });
  if (!scheduleWorlds.some((one) => one === world))
    throw refuse(
      `Workers do not explore in the world ${world}`,
      `Theirs are ${scheduleWorlds.join(' and ')}; explore in another on this machine, without --on.`,
    );
  if (replay !== undefined)
    throw refuse('--replay plays one schedule, which is not handed out', 'Leave out --on.');
  if (workers !== undefined)
    throw refuse(
      '--workers is of this machine',
      'A worker has slots of its own: `shaketable worker --slots N`.',
    );
  if (seeds === undefined)
    throw refuse('--on needs --seeds', 'Schedules are handed out at once: say how many, as --seeds 10000.');
}
