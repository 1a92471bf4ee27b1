/** What exploring found in the lab's own agents, or in what was asked of them, as small as it got: each passes since that was mended. */
import 'shaketable/simulated';
import { expect, it } from 'vitest';
import type { Exploration } from '../../../harness/explore/exploration.ts';
import { failuresOf } from '../../../harness/explore/play.ts';
import type { ScheduledFault } from '../../../harness/explore/schedule.ts';
import { withPlayer } from '../../../harness/explore/with-player.ts';
import { chooseWorld } from '../../../harness/run/choose-world.ts';
import httpAgent from '../../../scenarios/explorations/http-agent.ts';
import sync from '../../../scenarios/explorations/sync.ts';

const mended: readonly {
  readonly what: string;
  readonly exploration: Exploration;
  readonly seed: number;
  readonly faults: readonly ScheduledFault[];
}[] = [
  {
    what: 'whoever waited in line connected as soon as the one before had failed: 28 connections within two seconds',
    exploration: sync,
    seed: 3123,
    faults: [
      {
        kind: 'lost-answer',
        link: 'sync→mysql',
        atMs: 0,
        forMs: 30_000,
        params: { bytes: 50, pass: false },
      },
      { kind: 'never-accepted', link: 'sync→mysql', atMs: 0, forMs: 20_000, params: {} },
    ],
  },
  {
    what: 'twenty reports that waited were delivered in half a second, each once, which was called hammering',
    exploration: httpAgent,
    seed: 52_923,
    faults: [
      {
        kind: 'http-lost-answer',
        link: 'agent→server',
        atMs: 0,
        forMs: 30_000,
        params: { action: 'hang' },
      },
      { kind: 'http-status', link: 'agent→server', atMs: 0, forMs: 30_000, params: { status: 500 } },
    ],
  },
];

it.each(mended)('$what', async ({ exploration, seed, faults }) => {
  const world = await chooseWorld('simulated');
  const { signal } = new AbortController();
  const shared = { world, exploration, seed, signal, announce: () => {} };

  const played = await withPlayer(shared, (player) => player({ faults }, seed));

  expect(played.doubt).toBeUndefined();
  expect(played.faults.map(({ strikes }) => strikes > 0)).toEqual(faults.map(() => true));
  expect(failuresOf(played)).toEqual([]);
});
