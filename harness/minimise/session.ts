/** Makes one failure of a stored run small: plays it again on real sockets until nothing more can be left out, or time is over. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from 'shaketable-proxy/clock';
import { labTemporaryDirectory } from '../cleanup/index.ts';
import type { ChosenWorld } from '../run/choose-world.ts';
import { defaultFastPace } from '../run/play-subject.ts';
import type { ScenarioDefinition } from '../run/scenario.ts';
import { withSharedWorld } from '../run/shared-world.ts';
import type { Pace } from '../worlds/world-module.ts';
import { type Minimum, minimise } from './minimise.ts';
import { playerOf, type WholeAttempt } from './playing.ts';
import type { Reduction } from './reduction.ts';
import type { TimedFault } from './times.ts';

/** What is made small. */
export interface Task {
  /** The scenario, with one program on its table. */
  readonly definition: ScenarioDefinition;
  readonly who: string;
  readonly check: string;
  readonly faults: readonly TimedFault[];
  /** Faults that hit nothing in the run. */
  readonly idle: ReadonlySet<string>;
  readonly seed: number;
  readonly pace: Pace;
}

/** On what, how long, and who is told. */
export interface SessionOptions {
  readonly world: ChosenWorld;
  readonly setUp: boolean;
  readonly budgetMs: number;
  readonly clock: Clock;
  /** Aborted on Ctrl-C; what is the smallest by then is kept. */
  readonly signal: AbortSignal;
  /** Told before each play, with what is left by then. */
  onPlay(left: readonly string[], plays: number, spentMs: number): void;
  onNote(line: string): void;
  /** Told of everything smaller that still fails. */
  onSmaller(left: Reduction): void;
}

/** What it came to. */
export interface Session {
  /** The smallest that failed; undefined where it did not fail again. */
  readonly left: Reduction | undefined;
  /** With how often it fails, where there was time to find out. */
  readonly minimum: Minimum | undefined;
  /** The last play that failed. */
  readonly failed: WholeAttempt | undefined;
  readonly plays: number;
  readonly spentMs: number;
}

/** Less than this of real time is not kept on a busy machine, ms. */
const shortestRealMs = 200;

export async function minimiseTask(task: Task, options: SessionOptions): Promise<Session> {
  const { definition, who, check, faults, idle, seed, pace } = task;
  const { world, setUp, budgetMs, clock, signal, onPlay, onNote, onSmaller } = options;
  const begun = clock.now();
  const spentMs = (): number => clock.now() - begun;
  const { faults: planned = {}, fastPace = defaultFastPace } = definition;
  await using directory = await labTemporaryDirectory('minimise');
  await mkdir(join(directory.path, 'journals'));
  let left: Reduction | undefined;
  let failed: WholeAttempt | undefined;
  let plays = 0;
  const names = (): string[] => Object.keys(left?.faults ?? planned);
  const minimum = await withSharedWorld({ world, seed, signal, setUp, announce: onNote }, async (facts) => {
    const play = playerOf({
      definition,
      module: world.module,
      options: {
        seed,
        pace,
        directory: directory.path,
        debug: false,
        folders: [],
        world: { name: world.module.name, facts },
      },
      who,
      check,
      signal,
    });
    return await minimise({
      faults,
      planned,
      idle,
      shortestMs: shortestRealMs * (pace === 'real' ? 1 : fastPace),
      isOver: () => signal.aborted || spentMs() > budgetMs,
      isStopped: () => signal.aborted,
      async plays(reduction) {
        plays += 1;
        onPlay(names(), plays, spentMs());
        const attempt = await play(reduction);
        if (attempt.fails && !signal.aborted) failed = attempt;
        return { ...attempt, fails: attempt.fails && !signal.aborted };
      },
      onSmaller(reduction) {
        const before = names().length;
        left = reduction;
        onSmaller(reduction);
        const now = names();
        if (now.length < before) onNote(`still fails with ${now.join(', ') || 'no fault at all'}`);
      },
    });
  });
  return { left: minimum?.reduction ?? left, minimum, failed, plays, spentMs: spentMs() };
}
