/** Mutants of small sources, for the tests beside this file. */
import { type Instrumented, instrument } from '../../../mutation/drawn/instrument.ts';
import { applyTo, type DrawnMutant } from '../../../mutation/drawn/mutant.ts';

/** A mutant that says only what a test asks about. */
export function mutant(so: Partial<DrawnMutant> = {}): DrawnMutant {
  return {
    id: '0',
    file: 'services/a.ts',
    mutator: 'EqualityOperator',
    line: 1,
    column: 1,
    offset: 0,
    original: 'a < b',
    replacement: 'a <= b',
    ...so,
  };
}

/** All mutants of one text. */
export const mutantsOf = (text: string): Promise<Instrumented> =>
  instrument([{ file: 'services/a.ts', text }]);

/** What one mutator makes of a text. */
export async function variantsOf(text: string, mutator: string): Promise<string[]> {
  const { mutants } = await mutantsOf(text);
  return mutants.filter((found) => found.mutator === mutator).map((found) => applyTo(text, found));
}

// Babel loads its parts when it is first used, which the first test would have to pay for.
await mutantsOf('f(a < b);');
