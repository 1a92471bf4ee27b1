/**
 * Mutants that no scenario could notice, since the program does the same with them. Each was read by somebody, and says why.
 * The report prints what to write here for each mutant that survived.
 */
import type { Equivalent } from './match-equivalents.ts';

export const equivalents: readonly Equivalent[] = [];
