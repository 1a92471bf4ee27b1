/**
 * Units that are schedules of an exploration: seeds in a row, each drawn, played and judged. They are played in a process of their
 * own, since a simulation takes the clock, the timers and the sockets of the one that it is in.
 */
import { z } from 'zod';
import { openLedger } from '../../cleanup/index.ts';
import { LabError } from '../../errors.ts';
import { startScouts } from '../../explore/scouts.ts';
import type { Seen } from '../../explore/seen.ts';
import type { Json } from '../../journal/fields.ts';
import { scheduleWorlds } from '../../world-list.ts';
import type { UnitPlayer } from '../slot/serve-units.ts';
import { digestOf } from '../unit.ts';

const schedulesUnit = z.strictObject({
  /** Path of the exploration below a folder of scenarios, without the ending. */
  id: z.string().min(1).max(500),
  world: z.enum(scheduleWorlds),
  /** The first seed. */
  seed: z.number().int().min(0),
  amount: z.number().int().min(1).max(10_000),
});

/** What a unit is, as JSON. */
export type SchedulesUnit = z.infer<typeof schedulesUnit>;

/** What came of each of its seeds, in their order. */
export type SchedulesValue = readonly Seen[];

interface SchedulesPlayerOptions {
  /** The program that plays schedules. */
  readonly main: string;
  /** The file of an exploration of this project. @throws LabError `LAB_BAD_INPUT` when it has none of that name */
  fileOf(id: string): Promise<string>;
}

export function createSchedulesPlayer({ main, fileOf }: SchedulesPlayerOptions): UnitPlayer {
  return {
    async play(payload) {
      const parsed = schedulesUnit.safeParse(payload);
      if (!parsed.success) throw new LabError('LAB_BAD_INPUT', 'These are no schedules of an exploration');
      const { id, world, seed, amount } = parsed.data;
      const file = await fileOf(id);
      await using ledger = await openLedger();
      await using scouts = startScouts({
        main,
        amount: 1,
        ledger,
        work: { file, world, seed, until: seed + amount },
      });
      const value: Seen[] = [];
      for (let next = seed; next < seed + amount; next += 1) value.push(await scouts.look(next));
      // On real sockets a seed decides about no more than what is played.
      const decided = world === 'simulated' ? value : parsed.data;
      return { digest: digestOf(decided as unknown as Json), value: value as unknown as Json, files: [] };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
