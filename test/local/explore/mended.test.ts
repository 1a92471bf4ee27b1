/** What exploring found in the lab's own agents, as small as it got: each of them passes since it was mended. */
import 'shaketable/simulated';
import { expect, it } from 'vitest';
import { failuresOf } from '../../../harness/explore/play.ts';
import type { ScheduledFault } from '../../../harness/explore/schedule.ts';
import { withPlayer } from '../../../harness/explore/with-player.ts';
import { chooseWorld } from '../../../harness/run/choose-world.ts';
import sync from '../../../scenarios/explorations/sync.ts';

const link = 'sync→mysql';

const mended: readonly {
  readonly what: string;
  readonly seed: number;
  readonly faults: readonly ScheduledFault[];
}[] = [
  {
    what: 'whoever waited in line connected as soon as the one before had failed: 28 connections within two seconds',
    seed: 3123,
    faults: [
      {
        kind: 'lost-answer',
        link,
        atMs: 0,
        forMs: 30_000,
        params: { bytes: 50, pass: false },
      },
      { kind: 'never-accepted', link, atMs: 0, forMs: 20_000, params: {} },
    ],
  },
];

it.each(mended)('$what', async ({ seed, faults }) => {
  const world = await chooseWorld('simulated');
  const { signal } = new AbortController();
  const shared = { world, exploration: sync, seed, signal, announce: () => {} };

  const played = await withPlayer(shared, (player) => player({ faults }, seed));

  expect(played.doubt).toBeUndefined();
  expect(played.faults.map(({ strikes }) => strikes > 0)).toEqual(faults.map(() => true));
  expect(failuresOf(played)).toEqual([]);
});
