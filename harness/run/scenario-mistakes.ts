/**
 * What is wrong with a scenario before it is played. Its types are stripped when it runs, so what they would have refused is
 * refused here: a matcher that can match nothing would let a check pass that looks for nothing.
 */
import type { CheckSpec } from '../checks/check.ts';
import { mistakesIn, readsOf } from '../checks/mistakes.ts';
import { checkKinds } from '../checks/registry.ts';
import type { Place } from '../faults/fault.ts';
import type { PlannedFault } from '../faults/planned-fault.ts';
import type { JsonObject } from '../journal/entry.ts';
import type { Matcher } from '../journal/matcher.ts';
import { mistakeIn } from '../journal/never-matches.ts';
import { suggestion } from '../nearest-word.ts';
import { mistakeInWords } from '../schema-mistakes.ts';

/** What of a scenario names something else. */
interface Declaration {
  readonly checks: Readonly<Record<string, CheckSpec>>;
  readonly reported: readonly string[];
  readonly claims?: readonly { readonly id: string; readonly check: string }[];
  readonly faults?: Readonly<Record<string, PlannedFault>>;
}

/** The mistakes in a scenario, a line each: where it is, what is wrong, and the nearest right word. */
export function mistakesOf(declaration: Declaration): readonly string[] {
  const { checks, reported, claims = [], faults = {} } = declaration;
  const known = Object.keys(checks);
  const named = [
    ...reported.map((check) => ({ where: 'reported', check })),
    ...claims.map(({ id, check }) => ({ where: `claim \`${id}\``, check })),
  ];
  return [
    ...named.flatMap(({ where, check }) => unless(known, check, `${where}: there is no check ${check}`)),
    ...Object.entries(checks).flatMap(([id, spec]) =>
      mistakesOfCheck(spec, Object.keys(faults)).map((line) => `check \`${id}\`: ${line}`),
    ),
    ...Object.entries(faults).flatMap(([id, planned]) =>
      mistakesOfFault(planned, Object.keys(faults)).map((line) => `fault \`${id}\`: ${line}`),
    ),
  ];
}

function mistakesOfCheck({ check, params }: CheckSpec, faults: readonly string[]): readonly string[] {
  const kind = checkKinds.get(check);
  if (!kind) return unless([...checkKinds.keys()], check, `there is no kind of check ${check}`);
  const scoped = ['during', 'after'].flatMap((name) => faultMistake(name, params[name], faults));
  const meant = readsOf(kind, params).flatMap(({ path, matcher }) =>
    faultMistake(`${path}.fault`, faultIn(matcher), faults),
  );
  return [...mistakesIn(kind, params).map(mistakeInWords), ...scoped, ...meant];
}

/** A fault may keep toxics of its own beside it, called `<fault>-…`. */
function faultMistake(where: string, fault: unknown, faults: readonly string[]): readonly string[] {
  if (typeof fault !== 'string' || faults.some((id) => fault === id || fault.startsWith(`${id}-`))) return [];
  return unless(faults, fault, `${where}: the scenario has no fault ${fault}`);
}

function faultIn(matcher: Matcher): unknown {
  const { kind, fault } = matcher as JsonObject;
  return typeof kind === 'string' && kind.startsWith('fault.') ? fault : undefined;
}

function mistakesOfFault(planned: PlannedFault, faults: readonly string[]): readonly string[] {
  const { fault, from, until } = planned;
  if (fault.mistakes) return fault.mistakes;
  const matchers = {
    'from.event': typeof from === 'object' && 'event' in from ? from.event : undefined,
    'until.event': until !== undefined && 'event' in until ? until.event : undefined,
    struckBy: fault.struckBy,
  };
  const inMatchers = Object.entries(matchers).flatMap(([path, matcher]) => {
    const mistake = matcher && mistakeIn(matcher);
    if (mistake) return [`${path}.${mistake.path}: ${mistake.why}`];
    return matcher ? faultMistake(`${path}.fault`, faultIn(matcher), faults) : [];
  });
  return [...inMatchers, ...mistakesOfLink(planned)];
}

/** Places where a fault is made on the link that it is planned on. */
const onLinks: readonly Place[] = ['link', 'load'];

function mistakesOfLink({ fault: { kind, place, params }, link }: PlannedFault): readonly string[] {
  if (link === undefined && onLinks.includes(place)) return [`link: it is missing; ${kind} is made on one`];
  const { link: meant } = params;
  if (link === undefined || typeof meant !== 'string' || meant === link) return [];
  return [`link: it is planned on ${link}, and its own parameter says ${meant}`];
}

function unless(known: readonly string[], word: string, mistake: string): readonly string[] {
  return known.includes(word) ? [] : [`${mistake}; ${suggestion(word, known)}`];
}
