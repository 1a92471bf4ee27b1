/**
 * What is wrong with a check before anything has happened: a matcher that no entry can fit, a field that no such entry has.
 * And what makes a pass worth nothing afterwards: nobody wrote a record of the kind that the check looked for in vain.
 */
import type { Entry, Json, JsonObject } from '../journal/entry.ts';
import { kindOf } from '../journal/kinds.ts';
import type { Matcher } from '../journal/matcher.ts';
import {
  type Mistake,
  mistakeIn,
  mistakeInFields,
  mistakeInPath,
  namesOf,
} from '../journal/never-matches.ts';
import type { CheckKind } from './check.ts';
import { mistakesInParams } from './params.ts';

/** A matcher among the parameters of a check. */
interface Read {
  /** The parameter's path, as `counted.of`. */
  readonly path: string;
  readonly matcher: Matcher;
  /** Paths of the parameters that are about fields of its entries. */
  readonly fields: readonly string[];
}

/** The mistakes in a check's parameters, each with the parameter's path in front: `of.kind`, `has.rows.0.status`. */
export function mistakesIn(kind: CheckKind, params: JsonObject): readonly Mistake[] {
  const wrong = mistakesInParams(kind.shape, params);
  return wrong.length > 0 ? wrong : readsOf(kind, params).flatMap((read) => mistakesInRead(read, params));
}

/**
 * The first mistake that makes a check of a stored journal worthless. A lab of another version had other kinds: what is in
 * the journal can be matched.
 */
export function mistakeAbout(
  entries: readonly Entry[],
  kind: CheckKind,
  params: JsonObject,
): Mistake | undefined {
  const strange = new Set(entries.map((entry): string => entry.kind).filter((name) => !kindOf(name)));
  const reads = readsOf(kind, params).filter(
    ({ matcher }) => !namesOf(matcher).some((name) => strange.has(name)),
  );
  return reads.flatMap((read) => mistakesInRead(read, params))[0];
}

/**
 * Kinds with fields of somebody else's of which the journal has no record at all, although the check looks for one. Then
 * that there is none says nothing: the log may have been lost, or its field is called otherwise.
 */
export function silentKinds(
  entries: readonly Entry[],
  kind: CheckKind,
  params: JsonObject,
): readonly string[] {
  const seen = new Set(entries.map((entry): string => entry.kind));
  const silent = readsOf(kind, params)
    .map(({ matcher }) => namesOf(matcher))
    .filter((names) => names.every((name) => kindOf(name)?.open !== undefined && !seen.has(name)));
  return [...new Set(silent.flat())];
}

/**
 * Kinds of log of which the journal has records, and not one with a level that could be read, although the check asks for levels.
 * Whatever it found, it found blind.
 */
export function unreadLevels(
  entries: readonly Entry[],
  kind: CheckKind,
  params: JsonObject,
): readonly string[] {
  const asked = readsOf(kind, params).filter(
    ({ matcher, fields }) => hasLevel(matcher) || fields.some((name) => hasLevel(paramAt(params, name))),
  );
  const names = new Set(asked.flatMap(({ matcher }) => namesOf(matcher)));
  return [...names].filter((name) => {
    const records = entries.filter((entry) => entry.kind === name);
    return records.length > 0 && records.every((entry) => 'level' in entry && entry.level === 'unknown');
  });
}

const hasLevel = (patterns: unknown): boolean =>
  typeof patterns === 'object' && patterns !== null && 'level' in patterns;

/** The matchers among the parameters, with what is about fields of their entries. */
export function readsOf({ reads }: CheckKind, params: JsonObject): readonly Read[] {
  return Object.entries(reads).flatMap(([path, fields]) => {
    const matcher = paramAt(params, path);
    return matcher === undefined ? [] : [{ path, matcher: matcher as Matcher, fields }];
  });
}

function mistakesInRead({ path, matcher, fields }: Read, params: JsonObject): readonly Mistake[] {
  const mistake = mistakeIn(matcher);
  if (mistake !== undefined) return [under(path, mistake)];
  return fields.flatMap((name): Mistake[] => {
    const field = paramAt(params, name);
    if (typeof field === 'string' || Array.isArray(field)) {
      const whys = [field].flat().map((each) => mistakeInPath(matcher, String(each)));
      return whys.flatMap((why) => (why === undefined ? [] : [{ path: name, why }]));
    }
    const inner = mistakeInFields(matcher, (field ?? {}) as JsonObject);
    return inner === undefined ? [] : [under(name, inner)];
  });
}

const under = (path: string, mistake: Mistake): Mistake => ({ ...mistake, path: `${path}.${mistake.path}` });

function paramAt(params: JsonObject, path: string): Json | undefined {
  return path
    .split('.')
    .reduce<Json | undefined>((value, key) => (value as JsonObject | undefined)?.[key], params);
}
