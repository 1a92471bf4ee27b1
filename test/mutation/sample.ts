/** A part of the mutants, for a run that has not the time for all of them. */
import { seededRandom } from '../../proxy/core/random.ts';
import type { Mutant } from './mutant.ts';

/** `size` of the mutants, drawn by `seed`, in their order; all of them where no size is given. Throws for a size that is none. */
export function sampleOf(
  mutants: readonly Mutant[],
  size: string | undefined,
  seed = '0',
): readonly Mutant[] {
  if (size === undefined || size === '') return mutants;
  if (!/^[1-9]\d*$/.test(size))
    throw new RangeError(`Expected MUTANTS to be a whole number, 1 or more, got ${size}`);
  const random = seededRandom(`mutants/${seed}`);
  const drawn = mutants
    .map((mutant) => ({ mutant, draw: random.next() }))
    .toSorted((a, b) => a.draw - b.draw)
    .slice(0, Number(size))
    .map(({ mutant }) => mutant);
  return mutants.filter((mutant) => drawn.includes(mutant));
}
