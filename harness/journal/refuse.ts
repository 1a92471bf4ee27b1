/**
 * What a scenario may not ask for or write while it runs: types are stripped then, so the table of kinds is asked.
 */
import { LabError } from '../errors.ts';
import { suggestion } from '../nearest-word.ts';
import type { JsonObject } from './entry.ts';
import { entryKinds, kindOf } from './kinds.ts';
import type { Matcher } from './matcher.ts';
import { mistakeIn } from './never-matches.ts';

/** @throws LabError `LAB_SCENARIO_BROKEN` when no entry can fit `matcher` */
export function refuseMistake(caller: string, matcher: Matcher): void {
  const mistake = mistakeIn(matcher);
  if (mistake) throw broken(`${caller} can match nothing: ${mistake.path}: ${mistake.why}`);
}

/** @throws LabError `LAB_SCENARIO_BROKEN` when there is no such kind, or it has no such source or field */
export function refuseStrangeEntry(source: string, name: string, facts: JsonObject): void {
  const kind = kindOf(name);
  if (!kind) throw broken(`There is no kind ${name}; ${suggestion(name, Object.keys(entryKinds))}`);
  if (!kind.sources.some((known) => known === source))
    throw broken(`${name} is not written by ${source}; ${suggestion(source, kind.sources)}`);
  refuseReserved(name, facts);
  const known = Object.keys(kind.fields);
  const strange =
    kind.open === undefined ? Object.keys(facts).find((field) => !known.includes(field)) : undefined;
  if (strange !== undefined) throw broken(`${name} has no field ${strange}; ${suggestion(strange, known)}`);
}

/** Fields that every entry has of its own. */
export type Reserved = 'n' | 't' | 'source' | 'kind';
const reserved: readonly Reserved[] = ['n', 't', 'source', 'kind'];

/** @throws LabError `LAB_SCENARIO_BROKEN` when an entry would lose a fact to a field that it has of its own */
export function refuseReserved(what: string, facts: object, others: readonly string[] = []): void {
  const taken = [...reserved, ...others].find((field) => Object.hasOwn(facts, field));
  if (taken !== undefined)
    throw broken(`${what}: every entry has a field ${taken} of its own; give yours another name`);
}

function broken(message: string): LabError {
  return new LabError('LAB_SCENARIO_BROKEN', message, {
    hint: 'docs/reference/journal-kinds.md has the kinds of entries and their fields.',
  });
}
