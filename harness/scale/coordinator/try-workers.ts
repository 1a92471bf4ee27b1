/** Tries the workers of an engine: who is there, how their clocks are, and how fast units of no weight come back. */
import type { Clock } from 'shaketable-proxy/clock';
import { isLabError } from '../../errors.ts';
import type { Engine } from '../../queue/engine.ts';
import { measureClocks } from '../clocks/measure-clocks.ts';
import type { Offset } from '../clocks/offset.ts';
import { unitOf } from '../unit.ts';
import type { WorkerStatus } from '../worker/messages.ts';
import { playUnits } from './play-units.ts';

export interface Trial {
  readonly workers: readonly WorkerStatus[];
  /** Lines of workers that refuse, and of other trouble. */
  readonly notes: readonly string[];
  readonly clocks: ReadonlyMap<string, Offset>;
  /** Units a second; undefined where nobody played. */
  readonly unitsPerSecond: number | undefined;
}

const units = 400;
const patienceMs = 4_000;

/** Leaves nothing on the engine. */
export async function tryWorkers(
  engine: Engine,
  code: Readonly<Record<string, string>>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Trial> {
  const run = `doctor-${process.pid}-${Math.round(clock.now())}`;
  const notes: string[] = [];
  await engine.open({ run, kind: 'draw', code, leaseMs: 5_000 });
  try {
    const first = await play([unit(0)]);
    if (!first) return { workers: [], notes, clocks: new Map(), unitsPerSecond: undefined };
    const clocks = await measureClocks(engine, run, clock, signal);
    const begunMs = clock.now();
    const all = await play(Array.from({ length: units }, (_, index) => unit(index + 1)));
    const tookMs = clock.now() - begunMs;
    return {
      workers: all?.workers ?? first.workers,
      notes,
      clocks,
      unitsPerSecond: all && units / (tookMs / 1_000),
    };
  } finally {
    await engine.remove(run);
  }

  function unit(seed: number) {
    return unitOf('draw', code, { seed, draws: 100, failOneIn: 2 });
  }

  /** Undefined where nobody plays. */
  async function play(some: readonly ReturnType<typeof unit>[]) {
    const note = (line: string): void => void notes.push(line);
    return await playUnits({ engine, run, units: some, clock, signal, patienceMs, note }).catch(
      (error: unknown) => {
        if (isLabError(error, 'LAB_NO_WORKER')) return undefined;
        throw error;
      },
    );
  }
}
