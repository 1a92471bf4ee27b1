/**
 * Sends on connections of which each meets one fault, and keeps when a send first failed explicitly and when the client
 * noticed that the connection is over. When the fault struck, the proxy knows.
 */
import type { Clock } from 'shaketable-proxy/clock';
import { Channel } from './channel.ts';
import type { HabitName, Patience } from './habits.ts';
import { monotonicOffset } from './monotonic-offset.ts';

/** What is asked for. */
export interface WatchFaultsJob {
  readonly port: number;
  readonly habit: HabitName;
  readonly patience: Patience;
  readonly take: number;
  readonly connections: number;
  /** Between sends on a connection. */
  readonly everyMs: number;
  /** How long is looked after each has opened. */
  readonly watchMs: number;
}

/** What became of one connection; times are of the clock, undefined for what did not happen. */
export interface Watched {
  /** Of the client's end. */
  readonly port: number;
  readonly failedAt?: number;
  readonly noticedAt?: number;
}

/** What the load saw. */
export interface WatchFaultsLoad {
  readonly watched: readonly Watched[];
  /** Of the clock that its times are of. */
  readonly monotonicOffsetMs: number;
}

const text = 'x'.repeat(150);

/** All at once. */
export async function watchFaults(job: WatchFaultsJob, clock: Clock): Promise<WatchFaultsLoad> {
  const watched = await Promise.all(
    Array.from({ length: job.connections }, (_, index) => watchOne(job, index, clock)),
  );
  return { watched, monotonicOffsetMs: monotonicOffset(clock) };
}

async function watchOne(job: WatchFaultsJob, index: number, clock: Clock): Promise<Watched> {
  let failedAt: number | undefined;
  let noticedAt: number | undefined;
  const onClose = (): void => {
    noticedAt ??= clock.now();
  };
  const channel = new Channel({ ...job, clock, onClose });
  await channel.open();
  const port = channel.localPort;
  const endMs = clock.now() + job.watchMs;
  for (let number = 0; clock.now() < endMs && !(failedAt && noticedAt); number += 1) {
    const id = number * job.connections + index;
    channel.send(id, JSON.stringify({ take: job.take, id, text }), (outcome) => {
      if (outcome === 'failure') failedAt ??= clock.now();
    });
    await clock.sleep(job.everyMs);
  }
  const watched = {
    port,
    ...(failedAt === undefined ? {} : { failedAt }),
    ...(noticedAt === undefined ? {} : { noticedAt }),
  };
  channel.terminate();
  return watched;
}
