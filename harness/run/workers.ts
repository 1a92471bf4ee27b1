/**
 * How many scenarios are played at a time where nobody says: as many as are usual in the world, and fewer on a machine that has
 * other things to do, another run of the lab among them.
 */
import { cpus } from 'node:os';
import { type Clock, systemClock } from 'shaketable-proxy/clock';

/** Processor time of all cores so far, in milliseconds. */
export interface CpuTimes {
  readonly idle: number;
  readonly all: number;
}

/** How long is looked, in real milliseconds. */
const lookMs = 250;

/** So idle is a machine with nothing else to do that matters. */
const freeShare = 0.75;

/** The share of the processors that has nothing to do just now, 0 to 1. */
export async function idleShare(
  times: () => CpuTimes = timesOfAll,
  clock: Pick<Clock, 'sleep'> = systemClock(),
): Promise<number> {
  const before = times();
  await clock.sleep(lookMs);
  const after = times();
  const all = after.all - before.all;
  // Where the system tells no times, none has passed.
  return all > 0 ? (after.idle - before.idle) / all : 1;
}

/** How many of the usual number a machine takes that is idle to this share; one at least. */
export function workersOn(idle: number, usual: number): number {
  return idle >= freeShare ? usual : Math.max(1, Math.round(usual * idle));
}

function timesOfAll(): CpuTimes {
  const each = cpus().map(({ times }) => times);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    idle: sum(each.map(({ idle }) => idle)),
    all: sum(each.map((times) => sum(Object.values(times)))),
  };
}
