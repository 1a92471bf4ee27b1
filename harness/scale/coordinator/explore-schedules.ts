/** Schedules of an exploration on an engine: seeds in rows, and what was seen of each as it comes. */
import type { Clock } from 'shaketable-proxy/clock';
import type { Seen } from '../../explore/seen.ts';
import type { Engine } from '../../queue/engine.ts';
import type { SchedulesUnit, SchedulesValue } from '../kinds/schedules.ts';
import { unitOf } from '../unit.ts';
import { playUnits, type UnitResult } from './play-units.ts';

export interface ExploreOnOptions extends Pick<SchedulesUnit, 'id' | 'world' | 'seed'> {
  readonly engine: Engine;
  /** The code that may play them. */
  readonly code: Readonly<Record<string, string>>;
  /** Behind the last seed. */
  readonly until: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
  /** Hears of each seed once, in the order in which rows are done. May take its time: nothing more is taken meanwhile. */
  readonly onSeen: (seed: number, seen: Seen) => Promise<void>;
}

const leaseMs = 5_000;

/** A row is large enough to be worth a process, and small enough that a few machines have work to the end. */
const longestRow = 100;
const fewestRows = 16;

/**
 * Plays all seeds, and resolves with the rows on which two workers did not agree, in words. @throws LabError as `playUnits`; aborts with
 * `signal.reason`. Nothing is left on the engine.
 */
export async function exploreSchedulesOn(options: ExploreOnOptions): Promise<readonly string[]> {
  const { engine, code, clock, signal, note, onSeen } = options;
  const run = `explore-${process.pid}-${Math.round(clock.now())}`;
  const payloads = rowsOf(options);
  const units = payloads.map((payload) => unitOf('schedules', code, payload));
  const rowOf = new Map(units.map(({ id }, nth) => [id, payloads[nth] as SchedulesUnit]));
  await engine.open({ run, kind: 'schedules', code, leaseMs });
  try {
    const { alarms } = await playUnits({
      engine,
      run,
      units,
      clock,
      signal,
      note,
      async onResult(result) {
        const row = rowOf.get(result.unit.id) as SchedulesUnit;
        for (const [nth, seen] of seenIn(result, row).entries()) await onSeen(row.seed + nth, seen);
      },
    });
    return alarms.map(
      ({ unit, workers: [one, other] }) =>
        `${one} and ${other} did not see the same of ${seedsOf(rowOf.get(unit) as SchedulesUnit)}`,
    );
  } finally {
    await engine.remove(run);
  }
}

function rowsOf({ id, world, seed, until }: ExploreOnOptions): SchedulesUnit[] {
  const length = Math.min(longestRow, Math.ceil((until - seed) / fewestRows));
  return Array.from({ length: Math.ceil((until - seed) / length) }, (_, nth) => {
    const first = seed + nth * length;
    return { id, world, seed: first, amount: Math.min(length, until - first) };
  });
}

/** A row that was set aside proves nothing, and says so. */
function seenIn({ outcome, failures }: UnitResult, row: SchedulesUnit): SchedulesValue {
  if (outcome.kind === 'done') return outcome.value as unknown as SchedulesValue;
  const doubt = [`${seedsOf(row)} were set aside: ${outcome.reason}`, ...failures].join('; ');
  return Array.from({ length: row.amount }, () => ({
    failures: [],
    doubt,
    labMs: 0,
    reached: [],
    struck: [],
  }));
}

const seedsOf = ({ seed, amount }: SchedulesUnit): string => `seeds ${seed} to ${seed + amount - 1}`;
