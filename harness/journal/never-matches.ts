/**
 * Why a matcher cannot match any entry: a kind, a field or a value that the table of kinds does not have. Types say so while
 * a scenario is written; this says so while it is declared, since types are stripped when it runs, and of stored checks.
 */

import { suggestion } from '../nearest-word.ts';
import { type Field, type Fields, number, word } from './fields.ts';
import { entryKinds, type Kind, kindOf } from './kinds.ts';
import type { FieldPatterns, Matcher } from './matcher.ts';

/** What is wrong, and where in the matcher: `kind`, `rows.0.status`. */
export interface Mistake {
  readonly path: string;
  readonly why: string;
}

/** The first mistake in a matcher; undefined when it may match something. */
export function mistakeIn(matcher: Matcher): Mistake | undefined {
  const { kind: _, ...patterns } = matcher as FieldPatterns<'subject.note'>;
  return mistakeInKind(matcher) ?? mistakeInFields(matcher, patterns);
}

/** The first mistake in what fields of entries of `matcher` have to be. */
export function mistakeInFields(
  matcher: Matcher,
  patterns: Readonly<Record<string, unknown>>,
): Mistake | undefined {
  for (const [path, pattern] of Object.entries(patterns)) {
    const why = mistakeInPath(matcher, path) ?? mistakeInPattern(fieldsAt(matcher, path), pattern);
    if (why !== undefined) return { path, why };
  }
  return undefined;
}

/** Why entries of `matcher` have no field at `path`. */
export function mistakeInPath(matcher: Matcher, path: string): string | undefined {
  const kinds = kindsOf(matcher);
  const known = kinds.some((kind) => kind.open !== undefined || fieldAt(allFields(kind), path) !== undefined);
  if (known || path === '*') return undefined;
  const paths = [...new Set(kinds.flatMap(({ fields }) => pathsOf(fields)))];
  return `entries of the kind ${namesOf(matcher).join(', ')} have no field ${path}; ${suggestion(path, paths)}`;
}

/** The fields of a kind, with those that every entry has. */
function allFields({ fields, sources }: Kind): Fields {
  return { ...fields, ...stamp, source: word(sources, 'who saw it') };
}

const stamp = {
  n: number('number', 'the entry’s number in the journal, from 1, in order of time'),
  t: number('ms', 'lab time since the journal began'),
};

/** The names of the kinds that a matcher means. */
export function namesOf(matcher: Matcher): readonly string[] {
  const { kind } = matcher as { readonly kind?: unknown };
  if (typeof kind === 'object' && kind !== null && 'anyOf' in kind)
    return (kind.anyOf as unknown[]).map(String);
  return [String(kind)];
}

function kindsOf(matcher: Matcher): readonly Kind[] {
  return namesOf(matcher).flatMap((name) => kindOf(name) ?? []);
}

function mistakeInKind(matcher: Matcher): Mistake | undefined {
  const { kind } = matcher as { readonly kind?: unknown };
  const path = 'kind';
  if (kind === undefined) return { path, why: 'a matcher has to name the kind of entry that it means' };
  const unknown = namesOf(matcher).find((name) => kindOf(name) === undefined);
  if (unknown === undefined) return undefined;
  return { path, why: `there is no kind ${unknown}; ${suggestion(unknown, Object.keys(entryKinds))}` };
}

/** What the field at `path` is in each kind that has it; none for one inside something open. */
function fieldsAt(matcher: Matcher, path: string): readonly Field[] {
  return kindsOf(matcher).flatMap((kind) => {
    const field = fieldAt(allFields(kind), path);
    return field === undefined || field === 'any' ? [] : [field];
  });
}

/** The field at a dotted path, `any` inside something whose keys are somebody else's, or undefined. */
function fieldAt(fields: Fields, path: string): Field | 'any' | undefined {
  if (Object.hasOwn(fields, path)) return fields[path];
  const [name = '', ...rest] = path.split('.');
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field?.type === 'object') return fieldAt(field.fields, rest.join('.'));
  return field !== undefined && nested.has(field.type) ? 'any' : undefined;
}

const nested: ReadonlySet<Field['type']> = new Set(['rows', 'values', 'texts']);

function pathsOf(fields: Fields): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    field.type === 'object' ? [name, ...pathsOf(field.fields).map((path) => `${name}.${path}`)] : [name],
  );
}

const patternKeys = ['anyOf', 'matches', 'atLeast', 'atMost', 'exists', 'not'];

/** Why no value of such fields fits the pattern; `fields` is empty when nothing is known of the values. */
function mistakeInPattern(fields: readonly Field[], pattern: unknown): string | undefined {
  if (typeof pattern !== 'object' || pattern === null) return mistakeInValues(fields, [pattern]);
  const keys = Object.keys(pattern);
  const strange = keys.find((key) => !patternKeys.includes(key));
  if (strange !== undefined) return `there is no pattern ${strange}; ${suggestion(strange, patternKeys)}`;
  if (keys.length === 0) return `a pattern is a value or has one of ${patternKeys.join(', ')}`;
  if ('not' in pattern) return mistakeInPattern(fields, pattern.not);
  if ('anyOf' in pattern) return mistakeInAnyOf(fields, pattern.anyOf);
  return 'matches' in pattern ? mistakeInExpression(pattern.matches) : mistakeInRange(fields, keys);
}

function mistakeInAnyOf(fields: readonly Field[], values: unknown): string | undefined {
  if (!Array.isArray(values)) return 'anyOf needs a list of values';
  return values.length === 0 ? 'anyOf lists no value' : mistakeInValues(fields, values);
}

function mistakeInExpression(expression: unknown): string | undefined {
  try {
    new RegExp(String(expression), 'u');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function mistakeInRange(fields: readonly Field[], keys: readonly string[]): string | undefined {
  const isNumeric = fields.length === 0 || fields.some(({ type }) => type === 'number');
  if (isNumeric || !keys.some((key) => key !== 'exists')) return undefined;
  return `a range needs a number, and the field is ${fields.map(describeType).join(' or ')}`;
}

/** Every value has to be one that the field can have in some of the kinds. */
function mistakeInValues(fields: readonly Field[], values: readonly unknown[]): string | undefined {
  const wrong = values.find((value) => fields.length > 0 && !fields.some((field) => canBe(field, value)));
  if (wrong === undefined) return undefined;
  const words = fields.flatMap((field) => (field.type === 'word' ? field.words : []));
  if (words.length > 0) return `it is never ${String(wrong)}; ${suggestion(String(wrong), words)}`;
  return `it is never ${JSON.stringify(wrong)}: the field is ${fields.map(describeType).join(' or ')}`;
}

function canBe(field: Field, value: unknown): boolean {
  if (value === null) return field.orNull === true;
  if (field.type === 'word') return field.words.includes(value as string);
  return typeof value === scalarTypes[field.type];
}

/** Lists and objects are never equal to a value: one asks for what is inside. */
const scalarTypes: Readonly<Partial<Record<Field['type'], string>>> = {
  text: 'string',
  number: 'number',
  'yes or no': 'boolean',
};

const describeType = (field: Field): string =>
  field.type === 'word' ? field.words.join(', ') : `a ${field.type}`;
