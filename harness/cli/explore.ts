/**
 * `shaketable explore`: draws fault schedules, judges what came of each, makes the first failures small, and shows them again on real
 * sockets.
 */
import { pathToFileURL } from 'node:url';
import { moduleEnding } from '../own-files.ts';
import { chooseWorld } from '../run/choose-world.ts';
import type { ExploreFlags } from './explore-flags.ts';
import { interruptible } from './interrupt.ts';

export async function exploreCommand(wanted: string | undefined, flags: ExploreFlags): Promise<number> {
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
