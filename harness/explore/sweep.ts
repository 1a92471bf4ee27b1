/**
 * Explores: draws schedules seed by seed, plays each, judges it, and makes the first failure of each check small. A failure is played
 * again before it is believed; one that does not come again, or comes otherwise, is told as flaky, with the place where the two runs
 * part.
 */
import { drawSchedule } from './draw.ts';
import type { Exploration } from './exploration.ts';
import { failuresOf, type Parting, type Played, type Player, partingOf } from './play.ts';
import type { Schedule } from './schedule.ts';
import type { Scouts } from './scouts.ts';
import { type Seen, seenIn } from './seen.ts';
import { shrink } from './shrink.ts';
import { simplerFaults } from './simplify.ts';
import { Tally } from './tally.ts';
import { inWords } from './words.ts';

/** What was found. */
export interface Finding {
  readonly seed: number;
  /** The check that fails. */
  readonly check: string;
  /** As it was drawn, */
  readonly drawn: Schedule;
  /** and as small as it got. */
  readonly schedule: Schedule;
  /** What the minimum came to. */
  readonly played: Played;
  readonly executions: number;
  /** Removing any one of its faults makes it pass. */
  readonly minimal: boolean;
  readonly sentence: string;
}

/** A failure that did not come again as it was. */
export interface Flaky {
  readonly seed: number;
  readonly check: string;
  readonly schedule: Schedule;
  /** Whether the second run failed as well, in another way. */
  readonly failsAgain: boolean;
  readonly parting: Parting | undefined;
}

export interface Sweep {
  readonly tally: Tally;
  /** Why runs prove nothing, in words; undefined where nothing left the simulation. */
  readonly doubt: string | undefined;
  readonly findings: readonly Finding[];
  readonly flaky: readonly Flaky[];
}

export interface SweepOptions {
  readonly exploration: Exploration;
  readonly player: Player;
  /** Who plays the seeds, where the player does not: it plays what fails. */
  readonly scouts?: Pick<Scouts, 'look' | 'doubt'> | undefined;
  /** The first seed; the others follow. */
  readonly seed: number;
  /** Asked before each schedule. */
  readonly goesOn: (runs: number, findings: number) => boolean;
  /** Whether the same schedule gives the same run here, entry by entry. */
  readonly repeatable: boolean;
  /** The most schedules that are played to make one failure small. @default 400 */
  readonly shrinkBudget?: number;
  readonly onProgress?: (what: {
    readonly runs: number;
    readonly findings: number;
    readonly shrinking?: string;
  }) => void;
}

export async function sweep(options: SweepOptions): Promise<Sweep> {
  const { exploration, player, goesOn, onProgress = () => {} } = options;
  const tally = new Tally(Object.keys(exploration.sometimes));
  const findings: Finding[] = [];
  const flaky: Flaky[] = [];
  const told = new Set<string>();
  let doubt: string | undefined;
  for (let seed = options.seed; goesOn(tally.runs, findings.length); seed += 1) {
    const schedule = drawSchedule(seed, exploration.faults, exploration.stormMs);
    const { seen, played } = await look(options, schedule, seed);
    doubt ??= seen.doubt;
    tally.add(schedule, seen);
    onProgress({ runs: tally.runs, findings: findings.length });
    const check = seen.failures.find((failed) => !told.has(failed));
    if (check === undefined) continue;
    onProgress({ runs: tally.runs, findings: findings.length, shrinking: check });
    const first = played ?? (await player(schedule, seed));
    const found = await examine(options, { seed, check, schedule, played: first });
    if ('parting' in found) flaky.push(found);
    else {
      for (const failed of failuresOf(found.played)) told.add(failed);
      findings.push(found);
    }
  }
  return { tally, doubt: doubt ?? options.scouts?.doubt(), findings, flaky };
}

/** Plays a schedule, or has it played. */
async function look(
  { exploration, player, scouts }: SweepOptions,
  schedule: Schedule,
  seed: number,
): Promise<{ seen: Seen; played?: Played }> {
  if (scouts !== undefined) return { seen: await scouts.look(seed) };
  const played = await player(schedule, seed);
  return { seen: seenIn(played, exploration.sometimes), played };
}

/** Plays a failure again, and makes it small where it is one. */
async function examine(
  { exploration, player, repeatable, shrinkBudget = 400 }: SweepOptions,
  { seed, check, schedule, played }: { seed: number; check: string; schedule: Schedule; played: Played },
): Promise<Finding | Flaky> {
  const again = await player(schedule, seed);
  const failsAgain = failuresOf(again).includes(check);
  const differs = repeatable && again.digest !== played.digest;
  if (!failsAgain || differs)
    return { seed, check, schedule, failsAgain, parting: partingOf(played.entries, again.entries) };
  const { stormMs } = exploration;
  const { parts, executions, minimal } = await shrink(schedule.faults, {
    fails: async (faults) => failuresOf(await player({ faults }, seed)).includes(check),
    simpler: (fault) => simplerFaults(fault, stormMs),
    isSpent: (executions) => executions >= shrinkBudget,
  });
  const shrunk: Schedule = { faults: parts };
  const minimum = await player(shrunk, seed);
  const sentence = inWords(shrunk, minimum.entries, { minimal, stormMs });
  return {
    seed,
    check,
    drawn: schedule,
    schedule: shrunk,
    played: minimum,
    executions: executions + 2,
    minimal,
    sentence,
  };
}
