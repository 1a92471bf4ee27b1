/**
 * Which occasions a toxic acts on, where one connection has many: requests, queries, frames. They are counted over all
 * connections of the toxic, so that `first: 3` means the first three requests, wherever they come from. How many times
 * it acts in all is `only.strikes`.
 */
import { fraction, integer } from '../../core/attributes.ts';
import type { ToxicContext } from '../../core/toxic-type.ts';

/** Attributes of a toxic that picks its occasions; everything given must hold. */
export const occasionAttributes = {
  /** This one alone; 0 is any. */
  nth: integer({ min: 0 }),
  /** The first so many; 0 is no limit. */
  first: integer({ min: 0 }),
  /** Each one whose number is a multiple; 0 is each. */
  every: integer({ min: 0 }),
  /** A share of them, drawn from the seed. */
  share: fraction(1),
};

export interface OccasionValues {
  readonly nth: number;
  readonly first: number;
  readonly every: number;
  readonly share: number;
}

/** Counts an occasion and says whether the toxic acts on it. */
export function isDue(context: ToxicContext<OccasionValues>): boolean {
  const { nth, first, every, share } = context.attributes;
  const number = context.occasion();
  const drawn = context.random.next() < share;
  return (
    drawn && (nth === 0 || number === nth) && (first === 0 || number <= first) && number % (every || 1) === 0
  );
}
