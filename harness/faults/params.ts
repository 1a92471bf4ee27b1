/**
 * What parameters of faults may be. Types are stripped when a scenario runs: what they would have refused is refused by these. The
 * mistakes stay with the fault until its scenario is declared, which can say where they are.
 */
import * as z from 'zod';
import { LabError } from '../errors.ts';
import type { Matcher } from '../journal/matcher.ts';
import { mistakeIn } from '../journal/never-matches.ts';
import { mistakeInWords, type Shape, schemaMistakes } from '../schema-mistakes.ts';
import { everyWorld, type Fault } from './fault.ts';

export const text = z.string().refine((given) => given !== '', 'expected a text, got an empty one');
export const yesOrNo = z.boolean();
/** Lab milliseconds, more than none. */
export const ms = z.number().positive();
/** Lab milliseconds; none is a time as well. */
export const msOrNone = z.number().min(0);
/** How many, one at least. */
export const howMany = z.int().min(1);
/** The name of a table, which becomes part of a statement. */
export const tableName = z.string().regex(/^[\w$]+$/, 'expected the name of a table');

/** A statement in which `{schema}` stands for the schema of the run, and nothing else is in braces. */
export const statement = text.superRefine((sql, context) => {
  for (const [braces] of sql.matchAll(/\{\w*\}/g))
    if (braces !== '{schema}')
      context.addIssue({ code: 'custom', message: `there is no ${braces}; did you mean {schema}?` });
});

/** Entries of the journal: some kind has to have them. */
export const matcher = z
  .looseObject({}, 'expected a matcher, as { kind: … }')
  .superRefine((given, context) => {
    const mistake = mistakeIn(given as Matcher);
    if (mistake) context.addIssue({ code: 'custom', path: mistake.path.split('.'), message: mistake.why });
  });

/** A fault that takes no parameters. */
export type None = Readonly<Record<string, never>>;

/** The fault that `make` gives, or one that only says what is wrong with `options`. */
export function checked<Options extends object>(
  kind: string,
  options: Options,
  shape: Shape<Options>,
  make: (options: Options) => Fault,
): Fault {
  const mistakes = schemaMistakes(z.strictObject(shape), options).map(mistakeInWords);
  return mistakes.length === 0 ? make(options) : mistaken(kind, mistakes);
}

function mistaken(kind: string, mistakes: readonly string[]): Fault {
  const install = async (): Promise<never> => {
    throw new LabError('LAB_BAD_INPUT', mistakes.map((mistake) => `${kind}: ${mistake}`).join('\n'), {
      hint: 'docs/faults.md has the parameters of each fault.',
    });
  };
  return { kind, place: 'load', params: {}, worlds: everyWorld, mistakes, install };
}
