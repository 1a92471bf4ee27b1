/** A process that plays schedules for `shaketable explore --workers`: seed by seed, until it is told to stop. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importModule } from '../config/import-module.ts';
import type { ScoutMessage, ScoutWork } from '../explore/scouts.ts';
import { moduleEnding } from '../own-files.ts';
import { chooseWorld } from '../run/choose-world.ts';
import type { WorldName } from '../world-list.ts';
import { type At, watchSchedules } from './watch-schedules.ts';

const work = JSON.parse(process.argv[2] ?? '{}') as ScoutWork;
const { file, seed: first, step, until = Number.POSITIVE_INFINITY } = work;

// Whoever started it stops it, and answers for what is left behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
const ended = new AbortController();
process.once('disconnect', () => ended.abort(new Error('the sweep is over')));

const at: At = { file };
watchSchedules(join(tmpdir(), 'shaketable-explore'), at);
const world = await chooseWorld(work.world as WorldName);
// Before anything else is loaded: some libraries keep the clock and the chance that they find.
const { workerSetUp } = world.module;
if (workerSetUp !== undefined) await import(pathToFileURL(`${workerSetUp}${moduleEnding}`).href);
const [{ loadExploration }, { drawSchedule }, { withPlayer }, { seenIn }] = await Promise.all([
  import('../explore/load.ts'),
  import('../explore/draw.ts'),
  import('../explore/with-player.ts'),
  import('../explore/seen.ts'),
]);

const exploration = await loadExploration(file, importModule);
const { signal } = ended;
await withPlayer({ world, exploration, seed: first, signal, announce: console.error }, async (player) => {
  for (let seed = first; seed < until && !signal.aborted; seed += step) {
    const schedule = drawSchedule(seed, exploration.faults, exploration.stormMs);
    at.seed = seed;
    const seen = seenIn(await player(schedule, seed), exploration.sometimes);
    await say({ seed, seen });
  }
});
if (process.connected) process.disconnect();

/** Waits until it is sent: a sweep that is slower is not flooded. */
function say(message: ScoutMessage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (process.connected) process.send?.(message, undefined, {}, () => resolve());
  else resolve();
  return promise;
}
