import { expect, it } from 'vitest';
import { type Reproduction, stoodStillMs } from '../../../harness/incident/reproduction.ts';

const played = (verdict: Reproduction['comparison']['verdict'], stalledMs?: number): Reproduction =>
  ({
    comparison: { verdict, features: [] },
    scenario: stalledMs === undefined ? {} : { stalledMs },
  }) as unknown as Reproduction;

it.each([
  ['not reproduced', 3_200, 3_200],
  ['similar', 700, 700],
  ['similar', 120, undefined],
  ['not reproduced', undefined, undefined],
  ['same pattern', 9_000, undefined],
] as const)('%s after a machine stood still for %s ms: %s', (verdict, stalledMs, telling) => {
  expect(stoodStillMs(played(verdict, stalledMs))).toBe(telling);
});
