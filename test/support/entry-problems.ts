/** What of an entry is not as the table of kinds says: so the table cannot drift from what is written. */
import type { JsonObject } from '../../harness/journal/entry.ts';
import type { Field, Fields } from '../../harness/journal/fields.ts';
import { kindOf } from '../../harness/journal/kinds.ts';

/** A line for each problem, none for an entry that fits the table. */
export function entryProblems({ n: _n, t: _t, kind: name, source, ...facts }: JsonObject): string[] {
  const kind = kindOf(name);
  if (kind === undefined) return [`there is no kind ${String(name)}`];
  const wrongSource = kind.sources.some((known) => known === source) ? [] : [`written by ${String(source)}`];
  return [...wrongSource, ...factProblems(kind.fields, facts, kind.open !== undefined)].map(
    (problem) => `${String(name)}: ${problem}`,
  );
}

function factProblems(fields: Fields, facts: JsonObject, open: boolean): string[] {
  const strange = open ? [] : Object.keys(facts).filter((field) => !Object.hasOwn(fields, field));
  return [
    ...strange.map((field) => `has the field ${field}`),
    ...Object.entries(fields).flatMap(([name, field]) =>
      valueProblems(field, facts[name]).map((problem) => `${name} ${problem}`),
    ),
  ];
}

function valueProblems(field: Field, value: unknown): string[] {
  if (value === undefined) return field.optional ? [] : ['is missing'];
  if (value === null) return field.orNull ? [] : ['is null'];
  if (field.type === 'object') return factProblems(field.fields, value as JsonObject, false);
  return isOf(field, value) ? [] : [`is ${JSON.stringify(value)}, and no ${field.type}`];
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isOf(field: Exclude<Field, { type: 'object' }>, value: unknown): boolean {
  switch (field.type) {
    case 'text':
      return typeof value === 'string';
    case 'word':
      return field.words.includes(value as string);
    case 'number':
      return typeof value === 'number';
    case 'yes or no':
      return typeof value === 'boolean';
    case 'texts':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'rows':
      return Array.isArray(value) && value.every(isObject);
    case 'values':
      return isObject(value);
  }
}
