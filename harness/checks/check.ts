/**
 * What a check is: a pure function of the journal with three outcomes. A check is named and its parameters are data, so
 * that a stored journal carries the checks that were run on it and can be judged again without the scenario.
 */
import type { ZodType } from 'zod';
import type { Entry, JsonObject } from '../journal/entry.ts';
import { type Matcher, matches } from '../journal/matcher.ts';
import type { Shape } from '../schema-mistakes.ts';

/** Worst first: one failing check fails the subject; nothing to look at is unknown, never a pass. */
export type Outcome = 'fail' | 'unknown' | 'pass';

/** What a check found. */
export interface Finding {
  readonly outcome: Outcome;
  /** What was measured, with its unit. */
  readonly measured: string;
  /** What was expected of it. */
  readonly expected: string;
  /** Numbers of the journal entries that show it; at most 50 of them. */
  readonly evidence: readonly number[];
  /** The measured figure as a number, where there is one: claims compare it with the reports. */
  readonly value?: number;
}

/** A check of a scenario, as data. */
export interface CheckSpec {
  readonly check: string;
  readonly params: JsonObject;
  /** One sentence in the present tense that is true when the check passes. */
  readonly title: string;
}

/** A kind of check: its name in the registry, what it reads, and how it judges. */
export interface CheckKind {
  readonly name: string;
  /**
   * The parameters that are matchers (`of`, `counted.of`), each with the parameters that are about fields of its entries:
   * a path of one, or patterns of several.
   */
  readonly reads: Readonly<Record<string, readonly string[]>>;
  /** What each parameter may be. */
  readonly shape: Readonly<Record<string, ZodType>>;
  readonly judge: (entries: readonly Entry[], params: JsonObject) => Finding;
}

/** Makes the specification of one check; carries its kind for the registry. */
export interface CheckFactory<Params extends object> {
  (title: string, params: Params): CheckSpec;
  readonly kind: CheckKind;
}

/** Which parameters are matchers, apart from those of {@link Scope}, each with those that are about its fields. */
export type Reads<Params> = { readonly [Name in MatcherNames<Params>]: readonly string[] };

type MatcherNames<Params> = {
  [Name in Exclude<keyof Params & string, keyof Scope>]-?: NonNullable<Params[Name]> extends Matcher
    ? Name
    : NonNullable<Params[Name]> extends { readonly of: Matcher }
      ? `${Name}.of`
      : never;
}[Exclude<keyof Params & string, keyof Scope>];

/**
 * Declares a kind of check. `Params` has to be plain data; `shape` says what each of them may be, and `reads` which of them can be
 * right or wrong about entries.
 */
export function defineCheck<Params extends object>(
  name: string,
  shape: Shape<Params>,
  reads: Reads<Params>,
  judge: (entries: readonly Entry[], params: Params) => Finding,
): CheckFactory<Params> {
  const factory = (title: string, params: Params): CheckSpec => ({
    check: name,
    params: params as JsonObject,
    title,
  });
  const kind: CheckKind = {
    name,
    shape,
    reads: { since: [], before: [], ...reads },
    judge: (entries, params) => judge(entries, params as Params),
  };
  return Object.assign(factory, { kind });
}

/** Restricts what a check looks at. */
export interface Scope {
  /** Only while this fault (its id in the scenario) is in force. */
  readonly during?: string;
  /** Only after this fault was lifted. */
  readonly after?: string;
  /** Only from the first entry that this means, itself included. */
  readonly since?: Matcher;
  /** Only up to the first entry of the rest that this means, itself left out. */
  readonly before?: Matcher;
}

/** The entries inside a scope; undefined when the scope never began, or what it should end before never came. */
export function within(entries: readonly Entry[], scope: Scope): readonly Entry[] | undefined {
  const part = from(entries, scope);
  const { before } = scope;
  if (before === undefined || part === undefined) return part;
  const end = part.findIndex((entry) => matches(entry, before));
  return end === -1 ? undefined : part.slice(0, end);
}

function from(entries: readonly Entry[], { during, after, since }: Scope): readonly Entry[] | undefined {
  if (during !== undefined) return between(entries, during);
  const start =
    after === undefined
      ? since && entries.findIndex((entry) => matches(entry, since))
      : entries.findIndex((entry) => entry.kind === 'fault.lifted' && entry.fault === after);
  if (start === undefined) return entries;
  return start === -1 ? undefined : entries.slice(start);
}

/** A finding of `unknown`: there was nothing to judge by. */
export function nothingToJudge(expected: string, why: string): Finding {
  return { outcome: 'unknown', measured: why, expected, evidence: [] };
}

/** A finding with the evidence cut to what a reader can use. */
export function finding(
  passed: boolean,
  measured: string,
  expected: string,
  evidence: readonly Entry[],
  value?: number,
): Finding {
  const numbers = evidence.slice(0, 50).map((entry) => entry.n);
  const outcome = passed ? 'pass' : 'fail';
  return { outcome, measured, expected, evidence: numbers, ...(value === undefined ? {} : { value }) };
}

function between(entries: readonly Entry[], fault: string): readonly Entry[] | undefined {
  const at = (kind: 'fault.installed' | 'fault.lifted'): number =>
    entries.findIndex((entry) => entry.kind === kind && entry.fault === fault);
  const start = at('fault.installed');
  const end = at('fault.lifted');
  if (start === -1) return undefined;
  return entries.slice(start, end === -1 ? undefined : end);
}
