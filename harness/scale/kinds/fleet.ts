/**
 * Units that are slices of a fleet: each has agents and a server of its own on the worker's machine, comes online, says that it is ready,
 * and lives for a while from a moment that whoever began the run names. Nothing else is contacted.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, sleepUntil } from 'shaketable-proxy/clock';
import { z } from 'zod';
import { errorsInWords } from '../../bench/rig/judge-counts.ts';
import { fleetAmount } from '../../bench/workloads/fleet/amount.ts';
import { addressesFor, systemLimits } from '../../bench/workloads/fleet/limits.ts';
import { type FleetBatch, startFleetRig } from '../../bench/workloads/fleet/rig.ts';
import { LabError } from '../../errors.ts';
import { type EncodedTimes, encodeTimes } from '../fleet/encoded-times.ts';
import type { PlayerContext, UnitPlayer } from '../slot/serve-units.ts';
import { digestOf } from '../unit.ts';

const fleetUnit = z.strictObject({
  /** From 0. */
  slice: z.number().int().min(0),
  agents: z.number().int().min(1).max(1_000_000),
  steadyMs: z.number().int().min(1_000),
  quick: z.boolean(),
  seed: z.number().int().min(0),
});

export type FleetUnit = z.infer<typeof fleetUnit>;

/** A second of a slice. */
export interface SliceInterval {
  /** From 0, since the common start. */
  readonly index: number;
  /** How much later it began than it was to, ms. */
  readonly lateMs: number;
  readonly online: number;
  /** Reports that were applied, those sent twice, and heartbeats. */
  readonly messages: number;
  /** Processor time of either end, ms. */
  readonly agentsCpuMs: number;
  readonly serverCpuMs: number;
  readonly elapsedMs: number;
  readonly report: EncodedTimes;
  /** How late the agents' timers were. */
  readonly late: EncodedTimes;
}

/** What a slice leaves, as JSON in its file. */
export interface Slice {
  readonly slice: number;
  /** Agents that came online, and how many were to. */
  readonly agents: number;
  readonly wanted: number;
  readonly rampMs: number;
  /** From dialling to being registered. */
  readonly open: EncodedTimes;
  /** Why agents did not come online, or were lost later, with how often. */
  readonly failures: string;
  readonly intervals: readonly SliceInterval[];
}

export const sliceFile = 'slice.json';

/** Milliseconds between two times that a slice says it is ready: what is broadcast may be lost. */
const sayEveryMs = 500;

const intervalMs = 1_000;

export function createFleetPlayer(context: PlayerContext, clock: Clock): UnitPlayer {
  return {
    async play(payload, directory) {
      const parsed = fleetUnit.safeParse(payload);
      if (!parsed.success) throw new LabError('LAB_BAD_INPUT', 'This is no slice of a fleet');
      const { slice, agents, steadyMs, quick, seed } = parsed.data;
      const amount = fleetAmount({ quick, fleet: { agents, steadyMs } });
      const localAddresses = addressesFor(agents, systemLimits());
      const { signal } = new AbortController();
      await using rig = await startFleetRig({ seed: seed + slice, amount, localAddresses, signal });
      const raised = await rig.raise(agents, (online) => context.say({ slice, online, ready: false }));
      const startMs = await agreeOnStart(context, clock, slice, raised.agents.online);
      const intervals: SliceInterval[] = [];
      const batches: FleetBatch[] = [raised];
      for (let index = 0; index * intervalMs < steadyMs; index += 1) {
        const planMs = startMs + index * intervalMs;
        await sleepUntil(clock, planMs);
        const lateMs = clock.now() - planMs;
        const batch = await rig.live(Math.max(1, planMs + intervalMs - clock.now()), () => {});
        batches.push(batch);
        intervals.push(intervalOf(index, lateMs, batch));
      }
      const left: Slice = {
        slice,
        agents: raised.agents.online,
        wanted: agents,
        rampMs: raised.elapsedMs,
        open: encodeTimes(raised.agents.openMs),
        failures: failuresOf(batches),
        intervals,
      };
      await writeFile(join(directory, sliceFile), JSON.stringify(left));
      return { digest: digestOf([slice, agents, steadyMs]), value: { slice }, files: [sliceFile] };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Says that the slice is ready until it is told when to begin, by this machine's clock. */
async function agreeOnStart(
  { say, hear }: PlayerContext,
  clock: Clock,
  slice: number,
  online: number,
): Promise<number> {
  const over = new AbortController();
  const saying = (async () => {
    while (!over.signal.aborted) {
      say({ slice, online, ready: true });
      await clock.sleep(sayEveryMs, over.signal).catch(() => undefined);
    }
  })();
  try {
    for await (const told of hear(over.signal))
      if (told.slice === slice && typeof told.startMs === 'number') return told.startMs;
    throw new LabError('LAB_INTERNAL', 'Nobody said when to begin');
  } finally {
    over.abort();
    await saying;
  }
}

function intervalOf(index: number, lateMs: number, batch: FleetBatch): SliceInterval {
  const { agents, server, agentsCpuMs, serverCpuMs, elapsedMs } = batch;
  return {
    index,
    lateMs,
    online: agents.online,
    messages: server.applied + server.duplicates + server.heartbeats,
    agentsCpuMs,
    serverCpuMs,
    elapsedMs,
    report: encodeTimes(agents.reportMs),
    late: encodeTimes(agents.lateMs),
  };
}

function failuresOf(batches: readonly FleetBatch[]): string {
  const counts: Record<string, number> = {};
  for (const { agents } of batches)
    for (const [code, count] of [...Object.entries(agents.failures), ...Object.entries(agents.losses)])
      counts[code] = (counts[code] ?? 0) + count;
  return errorsInWords(counts);
}
