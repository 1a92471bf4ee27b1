/**
 * A sample of the mutants: each is as likely as any other, and files have their shares. What cannot count is replaced by the
 * next one of its file, so that an equivalent mutant that is found out changes one member and no other.
 */
import { type Random, seededRandom } from '../../../proxy/core/random.ts';
import type { DrawnMutant } from './mutant.ts';

/** Why a mutant cannot be a member: a reviewer has found it equivalent, or it does not compile. */
export interface Objection {
  readonly by: 'review' | 'compiler';
  readonly because: string;
}

/** A mutant that was drawn in vain. */
export interface Refusal extends Objection {
  readonly mutant: DrawnMutant;
}

/** The members in the order in which they were drawn, and those in whose places they came. */
export interface Sample {
  readonly mutants: readonly DrawnMutant[];
  readonly refused: readonly Refusal[];
}

/** How to draw. */
export interface SampleOptions {
  /** How many; all that can count when there are not so many. */
  readonly size: number;
  readonly seed: number | string;
  /** Says why a mutant cannot count; undefined if it can. */
  object(mutant: DrawnMutant): Objection | undefined;
}

/** Draws every n-th mutant of a list that has them file by file, shuffled within. */
export function drawSample(all: readonly DrawnMutant[], { size, seed, object }: SampleOptions): Sample {
  const random = seededRandom(`mutants/${seed}`);
  const list = [...Map.groupBy(all, ({ file }) => file)].flatMap(([file, mutants]) =>
    shuffled(mutants, random.fork(file)),
  );
  const step = Math.max(1, list.length / size);
  const start = random.fork('start').next() * step;
  const judged = new Set<DrawnMutant>();
  const drawn: DrawnMutant[] = [];
  const refused: Refusal[] = [];
  for (let place = start; place < list.length && drawn.length < size; place += step) {
    const first = Math.floor(place);
    for (const mutant of [...list.slice(first), ...list.slice(0, first)]) {
      if (judged.has(mutant)) continue;
      judged.add(mutant);
      const objection = object(mutant);
      if (objection === undefined) {
        drawn.push(mutant);
        break;
      }
      refused.push({ mutant, ...objection });
    }
  }
  // Files take turns from the first members on, so that a measurement that is broken off has seen many of them.
  return { mutants: shuffled(drawn, random.fork('order')), refused };
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, draw: random.next() }))
    .toSorted((a, b) => a.draw - b.draw)
    .map(({ item }) => item);
}
