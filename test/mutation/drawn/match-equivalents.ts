/** Tells which mutants are known to be equivalent: by their content, so that a moved line takes its reason along. */
import { type DrawnMutant, placeOf } from './mutant.ts';

/** A reviewed mutant. */
export interface Equivalent {
  readonly file: string;
  readonly mutator: string;
  /** The whole line at which the mutant begins, without the space around it. */
  readonly line: string;
  /** What is replaced: white space counts as one blank, and `…` at the end stands for the rest. */
  readonly original: string;
  readonly replacement: string;
  /** Which one where several are alike, from 1. */
  readonly nth?: number;
  /** Goes on from “equivalent because”. */
  readonly because: string;
}

/** Reasons by the mutant's id. Throws for entries that mean no mutant, or several. */
export function matchEquivalents(
  entries: readonly Equivalent[],
  mutants: readonly DrawnMutant[],
  textOf: (file: string) => string,
): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  const problems: string[] = [];
  for (const entry of entries) {
    const alike = mutants.filter((mutant) => isMeant(entry, mutant, textOf));
    const [found, ...others] = entry.nth === undefined ? alike : alike.slice(entry.nth - 1, entry.nth);
    if (found === undefined)
      problems.push(`${entry.file}: no mutant is ${show(entry)}; the code has changed, so review it again`);
    else if (others.length > 0)
      problems.push(
        `${entry.file}: ${show(entry)} means ${alike.map(placeOf).join(', ')}; say which one with \`nth\``,
      );
    else reasons.set(found.id, entry.because);
  }
  if (problems.length > 0) throw new RangeError(['Equivalent mutants:', ...problems].join('\n  '));
  return reasons;
}

/** What has to be written to call a mutant equivalent. */
export function entryFor(
  mutant: DrawnMutant,
  mutants: readonly DrawnMutant[],
  textOf: (file: string) => string,
): Equivalent {
  const { file, mutator, replacement } = mutant;
  const original = shortened(oneLine(mutant.original));
  const line = lineOf(mutant, textOf(file));
  const entry = { file, mutator, line, original, replacement: oneLine(replacement), because: '' };
  const alike = mutants.filter((other) => isMeant(entry, other, textOf));
  return alike.length > 1 ? { ...entry, nth: alike.indexOf(mutant) + 1 } : entry;
}

function isMeant(entry: Equivalent, mutant: DrawnMutant, textOf: (file: string) => string): boolean {
  if (entry.file !== mutant.file || entry.mutator !== mutant.mutator) return false;
  if (oneLine(entry.replacement) !== oneLine(mutant.replacement)) return false;
  if (entry.line !== lineOf(mutant, textOf(mutant.file))) return false;
  const original = oneLine(mutant.original);
  return entry.original.endsWith('…')
    ? original.startsWith(oneLine(entry.original.slice(0, -1)))
    : original === oneLine(entry.original);
}

const lineOf = ({ line }: DrawnMutant, text: string): string => (text.split('\n')[line - 1] ?? '').trim();

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

const longest = 80;
const shortened = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest).trimEnd()}…` : text;

const show = ({ mutator, original, replacement }: Equivalent): string =>
  `${mutator} \`${original}\` → \`${replacement}\``;
