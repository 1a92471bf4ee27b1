/**
 * A mutant: one edit that takes a fix away again, and what has to notice. Data, so that it can be listed,
 * checked against the files as they are, and run.
 */

/** An edit to one file that makes the hardened agent worse, and the checks that must fail because of it. */
export interface Mutant {
  /** Unique, in kebab-case. */
  readonly name: string;
  /** What is wrong with the agent then, in a sentence without a full stop. */
  readonly what: string;
  /** Path of the edited file, from the root of the project. */
  readonly file: string;
  /** Text that the file has exactly once. */
  readonly find: string;
  /** What comes in its place. */
  readonly replace: string;
  /** The checks that must fail for the hardened subject, as `scenario: check`. */
  readonly caughtBy: readonly `${string}: ${string}`[];
}

/** A check of a scenario, taken apart. */
export interface CheckOfScenario {
  readonly scenario: string;
  readonly check: string;
}

/** The checks that have to notice a mutant. */
export function checksOf({ caughtBy }: Mutant): CheckOfScenario[] {
  return caughtBy.map((text) => {
    const [scenario = '', check = ''] = text.split(': ');
    return { scenario, check };
  });
}

/** The scenarios that have to notice one of the mutants, each one once. */
export function scenariosOf(mutants: readonly Mutant[]): string[] {
  return [...new Set(mutants.flatMap(checksOf).map(({ scenario }) => scenario))];
}

/** The text of the file with the mutant in it. Throws when the place to edit is not there exactly once. */
export function applyTo(text: string, { name, file, find, replace }: Mutant): string {
  const parts = text.split(find);
  if (parts.length === 2) return parts.join(replace);
  const times = parts.length === 1 ? 'not there' : `there ${parts.length - 1} times`;
  throw new Error(`The place to change for ${name} is ${times} in ${file}: ${find}`);
}
