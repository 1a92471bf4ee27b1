/** Explores from within a test: it throws what it found. */
import { systemClock } from 'shaketable-proxy/clock';
import { chooseWorld } from '../run/choose-world.ts';
import type { WorldName } from '../world-list.ts';
import { type Exploration, type ExplorationSource, exploration, isExploration } from './exploration.ts';
import { explorationOutcome } from './outcome.ts';
import { reportLines } from './report.ts';
import { type Sweep, sweep } from './sweep.ts';
import { withPlayer } from './with-player.ts';

/** How long it goes on: so many schedules, so many seconds of real time, or whichever is over first. */
export interface Budget {
  readonly seeds?: number;
  readonly seconds?: number;
}

/** What is explored, and how much. */
export type ExploreOptions = Omit<ExplorationSource, 'id' | 'title'> & {
  /** @default 'explore/test' */
  readonly id?: string;
  readonly title?: string;
  /** @default 10 seconds */
  readonly budget?: Budget;
  /** The first seed; the others follow. @default 1 */
  readonly seed?: number;
  /** @default 'simulated' */
  readonly world?: WorldName;
};

/** Found in a test, with the whole report as its message. */
export class ExplorationFailed extends Error {
  override readonly name = 'ExplorationFailed';
  readonly sweep: Sweep;

  constructor(sweep: Sweep, lines: readonly string[]) {
    super(lines.join('\n'));
    this.sweep = sweep;
  }
}

/**
 * Explores, and resolves with what was seen when nothing was found.
 * @throws ExplorationFailed with the minimum of what fails, or when a mark of `sometimes` was never reached
 */
export async function explore(
  options: ExploreOptions | Exploration,
  more: Pick<ExploreOptions, 'budget' | 'seed' | 'world'> = {},
): Promise<Sweep> {
  const {
    budget = { seconds: 10 },
    seed = 1,
    world: wanted = 'simulated',
    ...source
  } = { ...options, ...more };
  const explored = isExploration(options)
    ? options
    : exploration({ id: 'explore/test', title: 'What a test explores', ...source });
  const world = await chooseWorld(wanted);
  const { seeds = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY } = budget;
  const clock = systemClock();
  const begun = clock.now();
  const spentMs = (): number => clock.now() - begun;
  const { signal } = new AbortController();
  const found = await withPlayer(
    { world, exploration: explored, seed, signal, announce: () => {} },
    (player) =>
      sweep({
        exploration: explored,
        player,
        seed,
        repeatable: wanted === 'simulated',
        goesOn: (runs, findings) => runs < seeds && findings === 0 && spentMs() < seconds * 1_000,
      }),
  );
  if (explorationOutcome(found) === 'expected') return found;
  const findings = found.findings.map((finding) => ({
    ...finding,
    replay: `seed: ${finding.seed}, budget: { seeds: 1 }`,
    scenario: undefined,
    proof: undefined,
  }));
  throw new ExplorationFailed(found, reportLines({ ...found, findings }, wanted, spentMs()));
}
