import { describe, expect, it } from 'vitest';
import type { DrawnMutant } from '../../../mutation/drawn/mutant.ts';
import { drawSample } from '../../../mutation/drawn/sample.ts';
import { mutant } from './mutants.ts';

/** Files of 100, 40 and 4 mutants. */
const all = [100, 40, 4].flatMap((count, file) =>
  Array.from({ length: count }, (_, index) =>
    mutant({ id: `${file}/${index}`, file: `services/${file}.ts` }),
  ),
);

const draw = (size: number, seed: number, without: readonly string[] = []) =>
  drawSample(all, {
    size,
    seed,
    object: ({ id }) => (without.includes(id) ? { by: 'review', because: 'it is' } : undefined),
  });

const idsOf = (mutants: readonly DrawnMutant[]): string[] => mutants.map(({ id }) => id).toSorted();

describe('a sample', () => {
  it('is the same for the same seed, and another one for another', () => {
    const [once, again, other] = [draw(36, 1), draw(36, 1), draw(36, 2)];

    expect(again).toEqual(once);
    expect(idsOf(other.mutants)).not.toEqual(idsOf(once.mutants));
  });

  it('has each file in its share', () => {
    const { mutants } = draw(36, 1);
    const shares = Map.groupBy(mutants, ({ file }) => file);

    expect([0, 1, 2].map((file) => shares.get(`services/${file}.ts`)?.length)).toEqual([25, 10, 1]);
  });

  it('draws from small files as often as from large ones', () => {
    const samples = Array.from({ length: 400 }, (_, seed) => draw(9, seed));
    const drawn = samples.flatMap(({ mutants }) => mutants).filter(({ file }) => file === 'services/2.ts');

    // 400 samples of 9 in 144 take each mutant 25 times: 100 for the four of the small file.
    expect(drawn.length).toBeGreaterThan(70);
    expect(drawn.length).toBeLessThan(130);
  });

  it('replaces what cannot count by another one of the file, and keeps the rest', () => {
    const before = draw(36, 1);
    const lost = before.mutants.find(({ file }) => file === 'services/1.ts')?.id ?? '';
    const after = draw(36, 1, [lost]);

    expect(after.refused.map(({ mutant: { id }, because }) => [id, because])).toEqual([[lost, 'it is']]);
    expect(after.mutants).toHaveLength(36);
    const kept = idsOf(after.mutants).filter((id) => idsOf(before.mutants).includes(id));
    expect(kept).toEqual(idsOf(before.mutants).filter((id) => id !== lost));
    expect(after.mutants.filter(({ file }) => file === 'services/1.ts')).toHaveLength(10);
  });

  it('takes all that can count when there are not as many as asked for', () => {
    const { mutants, refused } = draw(1_000, 1, ['0/7']);

    expect(mutants).toHaveLength(143);
    expect(new Set(idsOf(mutants)).size).toBe(143);
    expect(refused).toHaveLength(1);
  });
});
