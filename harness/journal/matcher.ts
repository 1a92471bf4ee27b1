/**
 * Which entries are meant, as data: a matcher can be printed, stored with the journal and applied again years later.
 */
import type { Entry } from './entry.ts';
import type { Field, FieldAt, Json, JsonObject, PathOf, ValueOf } from './fields.ts';
import type { EntryKind, FieldsOf, OpenKind, SourceOf } from './kinds.ts';

type Scalar = string | number | boolean | null;

/** What one field has to be: a value, one of several, a text that a regular expression finds, a range, or absent. */
export type Pattern<T extends Scalar = Scalar> =
  | T
  | { readonly anyOf: readonly T[] }
  | { readonly matches: string }
  | (number extends T
      ? { readonly atLeast?: number; readonly atMost?: number; readonly exists?: boolean }
      : { readonly exists: boolean })
  | { readonly not: Pattern<T> };

type PatternFor<F> = F extends Field
  ? [ValueOf<F>] extends [Scalar]
    ? Pattern<ValueOf<F>>
    : Pattern
  : Pattern;

/** What fields of entries of the kind `K` have to be: all of them have to be so. `*` is the whole entry as JSON. */
export type FieldPatterns<K extends EntryKind> = {
  readonly [P in PathOf<FieldsOf<K>>]?: PatternFor<FieldAt<FieldsOf<K>, P>>;
} & {
  readonly n?: Pattern<number>;
  readonly t?: Pattern<number>;
  readonly source?: Pattern<SourceOf<K>>;
  readonly '*'?: Pattern<string>;
} & (K extends OpenKind ? { readonly [path: string]: Pattern } : unknown);

/** What fields of entries of another parameter's kind have to be. */
export type Patterns = { readonly [path: string]: Pattern } & { readonly kind?: never };

/** Entries of the kind `K`, and what their fields have to be. */
export type MatcherOf<K extends EntryKind> = { readonly kind: K } & FieldPatterns<K>;

/** Entries of any of several kinds: their fields are checked when the scenario is declared. */
interface MatcherOfSeveral {
  readonly kind: { readonly anyOf: readonly EntryKind[] };
  readonly [path: string]: Pattern;
}

/** Entries of a kind, with what their fields have to be: `err.code` reaches inside, `*` is the whole entry as JSON. */
export type Matcher = { [K in EntryKind]: MatcherOf<K> }[EntryKind] | MatcherOfSeveral;

/** Whether `entry` is one that `matcher` means. */
export function matches(entry: Entry, matcher: Matcher | Patterns): boolean {
  return Object.entries(matcher).every(([field, pattern]) => fits(valueAt(entry, field), pattern));
}

/** The entries that `matcher` means, in order. */
export function select(entries: readonly Entry[], matcher: Matcher): Entry[] {
  return entries.filter((entry) => matches(entry, matcher));
}

/** The value at a dotted path, or undefined; `*` is the whole entry. */
export function valueAt(entry: Entry, path: string): Json | undefined {
  const fields: JsonObject = entry;
  if (path === '*') return fields;
  if (path in fields) return fields[path];
  let value: unknown = entry;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value as Json | undefined;
}

/** A matcher in words, for reports: `server.log event=request status=200`. */
export function describeMatcher(matcher: Matcher | Patterns): string {
  const { kind, ...rest } = matcher;
  const fields = Object.entries(rest).map(([field, pattern]) => `${field}${describePattern(pattern)}`);
  return [kind === undefined ? 'any entry' : describeScalar(kind), ...fields].join(' ');
}

function fits(value: Json | undefined, pattern: Pattern): boolean {
  if (typeof pattern !== 'object' || pattern === null) return value === pattern;
  if ('anyOf' in pattern) return pattern.anyOf.includes(value as Scalar);
  if ('matches' in pattern) return value !== undefined && new RegExp(pattern.matches, 'u').test(text(value));
  if ('not' in pattern) return !fits(value, pattern.not);
  if (pattern.exists !== undefined && (value !== undefined && value !== null) !== pattern.exists)
    return false;
  if (pattern.atLeast !== undefined && !(typeof value === 'number' && value >= pattern.atLeast)) return false;
  return pattern.atMost === undefined || (typeof value === 'number' && value <= pattern.atMost);
}

function text(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function describePattern(pattern: Pattern): string {
  if (typeof pattern !== 'object' || pattern === null) return `=${String(pattern)}`;
  if ('anyOf' in pattern) return `=${pattern.anyOf.join('|')}`;
  if ('matches' in pattern) return `~/${pattern.matches}/`;
  if ('not' in pattern) return ` not ${describePattern(pattern.not)}`;
  const bounds = [
    pattern.exists === undefined ? '' : pattern.exists ? ' present' : ' absent',
    pattern.atLeast === undefined ? '' : `≥${pattern.atLeast}`,
    pattern.atMost === undefined ? '' : `≤${pattern.atMost}`,
  ];
  return bounds.join('');
}

function describeScalar(pattern: Pattern): string {
  return typeof pattern === 'object' ? describePattern(pattern) : String(pattern);
}
