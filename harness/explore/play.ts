/** Plays a schedule once, in any world, and judges what came of it. */
import { createHash } from 'node:crypto';
import { systemClock } from 'shaketable-proxy/clock';
import { runChecks } from '../checks/registry.ts';
import type { FaultReport } from '../faults/planned-fault.ts';
import type { Entry } from '../journal/entry.ts';
import type { CheckResult } from '../report/run-result.ts';
import { bounded, clearBoundMs, late, stopBoundMs, storyBoundMs } from '../run/bound.ts';
import { withStandingChecks } from '../standing/index.ts';
import type { StartedTable } from '../worlds/table-deps.ts';
import type { WorldModule } from '../worlds/world-module.ts';
import { type Exploration, playStory } from './exploration.ts';
import { plannedFaults } from './planned.ts';
import type { Schedule } from './schedule.ts';

/** What came of one schedule. */
export interface Played {
  readonly entries: readonly Entry[];
  readonly checks: readonly CheckResult[];
  readonly faults: readonly FaultReport[];
  /** The same for the same run: of the journal, entry by entry. */
  readonly digest: string;
  /** Why the story broke off. */
  readonly error?: string;
  /** Why it proves nothing: something left the simulation. */
  readonly doubt?: string;
}

/** Plays a schedule by the seed of everything that the subject draws. */
export type Player = (schedule: Schedule, seed: number) => Promise<Played>;

/**
 * Who plays `exploration` in a world, on what a run there shares. The runs make their directories in `within`, where that is given, and in
 * the lab's root otherwise.
 */
export function playerIn(
  exploration: Exploration,
  module: WorldModule,
  facts: unknown,
  within?: string,
): Player {
  return async (schedule, seed) => {
    const { id, as: subject, fastPace, own, invariants, waives } = exploration;
    const inRealTime = module.paces.includes('fast');
    const pace = inRealTime ? fastPace : 1;
    const faultsOfRun = { ...own, ...plannedFaults(schedule) };
    const place = within === undefined ? {} : { within };
    const run = { scenario: id, subject, seed, pace, faults: faultsOfRun, ...place };
    const table = await module.startTable(facts, run);
    const { faults, error, doubt } = await played(
      exploration,
      table,
      storyBoundMs[inRealTime ? 'fast' : 'real'],
    );
    const entries = table.journal.seal();
    const checks = withStandingChecks({ entries, checks: invariants, pace }, 'pass', waives);
    const results = runChecks(entries, checks);
    return {
      entries,
      checks: results,
      faults,
      get digest() {
        return digestOf(entries);
      },
      ...(error === undefined ? {} : { error }),
      ...(doubt === undefined ? {} : { doubt }),
    };
  };
}

/** The story, then the end of everything; each part is bounded. */
async function played(
  exploration: Exploration,
  table: StartedTable,
  boundMs: number,
): Promise<Pick<Played, 'faults' | 'error' | 'doubt'>> {
  const errors: string[] = [];
  const reports: FaultReport[] = [];
  const attempt = async (what: string, work: Promise<unknown>, boundMs: number): Promise<void> => {
    try {
      const clock = systemClock();
      if ((await bounded(work, boundMs, clock)) === late)
        errors.push(`the ${what} did not end within ${boundMs / 1_000} s`);
    } catch (error) {
      errors.push(error instanceof Error ? error.message : String(error));
    }
  };
  await attempt('story', Promise.try(playStory, exploration, table.table), boundMs);
  await attempt('stop', table.stopSubjects(), stopBoundMs);
  const doubt = table.doubt();
  await attempt(
    'table',
    table.close().then((all) => void reports.push(...all)),
    clearBoundMs,
  );
  const [error] = errors;
  return {
    faults: reports,
    ...(error === undefined ? {} : { error }),
    ...(doubt === undefined ? {} : { doubt }),
  };
}

/** Entries that say how long a log is. */
const lengthsOfLogs: ReadonlySet<string> = new Set(['lab.log-file', 'lab.secret-scan']);

/** What an entry says; a stack tells who called as well, which is another one the second time, and makes a log longer or shorter. */
function factsOf(entry: Entry | undefined): string {
  if (entry === undefined) return '';
  const ofStacks = new Set(lengthsOfLogs.has(entry.kind) ? ['stack', 'bytes'] : ['stack']);
  return JSON.stringify(entry, (name, value) => (ofStacks.has(name) ? undefined : value));
}

/** Of all that happened and when. */
export function digestOf(entries: readonly Entry[]): string {
  const hash = createHash('sha256');
  for (const entry of entries) hash.update(factsOf(entry)).update('\n');
  return hash.digest('hex');
}

/** Where two runs part. */
export interface Parting {
  readonly one: Entry | undefined;
  readonly other: Entry | undefined;
}

/** The first entries that differ; undefined for runs that are the same. */
export function partingOf(one: readonly Entry[], other: readonly Entry[]): Parting | undefined {
  const length = Math.max(one.length, other.length);
  for (let at = 0; at < length; at += 1)
    if (factsOf(one[at]) !== factsOf(other[at])) return { one: one[at], other: other[at] };
  return undefined;
}

/** The checks that failed. An invariant that could not be decided accuses nobody. */
export const failuresOf = ({ checks, error }: Pick<Played, 'checks' | 'error'>): string[] => [
  ...(error === undefined ? [] : [brokenStory]),
  ...checks.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id),
];

/** What a story that broke off is called among the checks. */
export const brokenStory = 'the story ends';
