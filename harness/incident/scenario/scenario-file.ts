/** Writes the scenario of an incident as a file that can be played, read and committed. */
import type { IncidentEvent } from '../event.ts';
import type { IncidentPlan } from '../plan.ts';
import type { Match, Signature } from '../signatures/signature.ts';
import type { SourceValue } from './source.ts';

/** What a scenario file is made of. */
export interface ScenarioFileOptions {
  readonly id: string;
  readonly signature: Pick<Signature, 'id' | 'title' | 'shows' | 'contradictedBy'>;
  readonly match: Match;
  /** The names of what was read. */
  readonly sources: readonly string[];
}

const mostEvidence = 6;

/** The text of the file. */
export function scenarioFile({ id, signature, match, sources }: ScenarioFileOptions): string {
  const { cast, parameters, evidence } = match;
  const { plan, faults, checks, reported, alone } = cast;
  const calls = [
    ...Object.values(faults).map(({ call }) => call),
    ...Object.values(checks).map(({ call }) => call),
  ];
  const imports = [...new Set([...calls, 'playIncident', 'scenario'])].toSorted();
  return [
    '/**',
    ` * ${comment(signature.title)}.`,
    ' *',
    ` * Written by \`shaketable reproduce\` from ${comment(sources.join(', '))}; signature ${signature.id}. The evidence:`,
    ' *',
    ...chosen(evidence).map(({ source, line, quote }) => ` *     ${comment(`${source}:${line}  ${quote}`)}`),
    ' *',
    ' * The figures:',
    ' *',
    ...parameters.map(
      ({ name, value, unit, from }) =>
        ` * - ${name}: ${value}${unit === undefined ? '' : ` ${unit}`}, ${comment(from)}`,
    ),
    ' */',
    `import { ${imports.join(', ')} } from 'shaketable';`,
    '',
    'scenario({',
    `  id: ${printed(id)},`,
    `  title: ${printed(signature.title)},`,
    '  requirements: [],',
    `  story: ${printed(`${signature.shows} ${match.reasons.map(sentence).join(' ')}`)},`,
    "  worlds: ['local'],",
    `  fastPace: ${paceOf(plan)},`,
    ...(alone === undefined ? [] : [`  subjects: ['${alone}'],`]),
    '  faults: {',
    ...Object.entries(faults).flatMap(([name, { call, args, link, from = 'manual' }]) => [
      `    ${key(name)}: {`,
      `      fault: ${call}(${argumentsOf(args)}),`,
      ...(link === undefined ? [] : [`      link: ${printed(link)},`]),
      `      from: '${from}',`,
      '    },',
    ]),
    '  },',
    `  play: playIncident(${printed(plan as unknown as SourceValue, 2)}),`,
    '  checks: {',
    ...Object.entries(checks).map(
      ([name, { call, title, params }]) =>
        `    ${key(name)}: ${call}(${printed(title)}, ${printed(params, 4)}),`,
    ),
    '  },',
    ...(alone === undefined ? [`  reported: ${printed(reported)},`] : []),
    '});',
    '',
  ].join('\n');
}

/** So many times faster than the clock that a run takes some ten seconds, and the shortest time in it is still kept. */
function paceOf({ everyMs, waits, steps }: IncidentPlan): number {
  const totalMs = steps.reduce((sum, { forMs }) => sum + forMs, 0);
  const fastest = waits === 'capped' ? 200 : everyMs >= 20_000 ? 30 : 10;
  // So that even a busy machine keeps the rhythm.
  const steady = Math.max(1, Math.round(everyMs / 150));
  return Math.min(fastest, steady, Math.max(1, Math.round(totalMs / 8_000)));
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Of many events, the first and the last. */
export function chosen(evidence: readonly IncidentEvent[], most = mostEvidence): readonly IncidentEvent[] {
  const distinct = evidence.filter(
    (event, index) =>
      evidence.findIndex((other) => other.source === event.source && other.line === event.line) === index,
  );
  return distinct.length <= most ? distinct : [...distinct.slice(0, most - 1), ...distinct.slice(-1)];
}

/** Text that cannot end the comment that it stands in. */
function comment(text: string): string {
  return text
    .replaceAll('*/', '* /')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .slice(0, 300);
}

const argumentsOf = (args: SourceValue | undefined): string =>
  args === undefined
    ? ''
    : Array.isArray(args)
      ? args.map((one: SourceValue) => printed(one, 6)).join(', ')
      : printed(args, 6);

const key = (name: string): string => (/^[a-z]\w*$/i.test(name) ? name : printed(name));

/** A value as TypeScript, in this project’s style. */
export function printed(value: SourceValue, indent = 0): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const inner = ' '.repeat(indent + 2);
  const parts = Array.isArray(value)
    ? value.map((part: SourceValue) => printed(part, indent + 2))
    : Object.entries(value)
        .filter(([, part]) => part !== undefined)
        .map(([name, part]) => `${key(name)}: ${printed(part as SourceValue, indent + 2)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{ ', ' }'];
  const line =
    parts.length === 0 ? (Array.isArray(value) ? '[]' : '{}') : `${open}${parts.join(', ')}${close}`;
  if (line.length + indent <= 96 && !line.includes('\n')) return line;
  return `${open.trim()}\n${parts.map((part) => `${inner}${part},`).join('\n')}\n${' '.repeat(indent)}${close.trim()}`;
}

function quoted(text: string): string {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return `'${escaped}'`;
}
