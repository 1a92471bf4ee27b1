/** The table of kinds as the page `docs/reference/journal-kinds.md`. */
import type { Field, Fields } from '../../../harness/journal/fields.ts';
import { entryKinds, type Kind } from '../../../harness/journal/kinds.ts';

export function kindsPage(): string {
  const kinds: Readonly<Record<string, Kind>> = entryKinds;
  const sections = Object.entries(kinds).flatMap(([name, kind]) => section(name, kind));
  return `${[...opening, ...sections].join('\n')}\n`;
}

const opening = [
  '# What a journal tells: the kinds of entries',
  '',
  'Made from [harness/journal/kinds.ts](../../harness/journal/kinds.ts) with',
  '`npx vitest run --project unit test/unit/journal/kinds.test.ts -u`. A kind or a field that is not here does not compile in a',
  'matcher, and a scenario that asks for one is refused before it is played, with the nearest word that there is.',
  '',
  'Every entry has `n`, its number in the journal in order of time; `t`, lab milliseconds since the journal began; `source`, who',
  'saw it; and `kind`. Durations are lab time. A path reaches inside: `rows.0.status`, `error.code`; `*` is the whole entry as JSON.',
  'Some kinds have further fields that are somebody else’s: those can be asked for by any name, and a check that finds none of',
  'them passes only if the journal has entries of that kind at all.',
];

function section(name: string, { sources, meaning, fields, open }: Kind): string[] {
  const writers = sources.map((source) => `\`${source}\``).join(' or ');
  return [
    '',
    `## ${name}`,
    '',
    `Written by ${writers}: ${meaning}.`,
    '',
    '| field | is | meaning |',
    '| --- | --- | --- |',
    ...rows(fields, ''),
    ...(open === undefined ? [] : ['', `Further fields: ${open}.`]),
  ];
}

function rows(fields: Fields, before: string): string[] {
  return Object.entries(fields).flatMap(([name, field]) => [
    `| \`${before}${name}\` | ${[typeOf(field), ...qualities(field)].join(', ')} | ${field.meaning} |`,
    ...(field.type === 'object' ? rows(field.fields, `${before}${name}.`) : []),
  ]);
}

const types: Readonly<Record<Exclude<Field['type'], 'word' | 'number'>, string>> = {
  text: 'text',
  'yes or no': 'true or false',
  texts: 'list of texts',
  rows: 'list of objects',
  values: 'object',
  object: 'object',
};

function typeOf(field: Field): string {
  if (field.type === 'word') return field.words.map((word) => `\`${word}\``).join(', ');
  return field.type === 'number' ? units[field.unit] : types[field.type];
}

const units: Readonly<Record<Extract<Field, { type: 'number' }>['unit'], string>> = {
  ms: 'milliseconds',
  bytes: 'bytes',
  count: 'count',
  number: 'number',
  port: 'port',
  'exit code': 'exit code',
};

const qualities = ({ optional, orNull }: Field): string[] => [
  ...(orNull ? ['or null'] : []),
  ...(optional ? ['may be missing'] : []),
];
