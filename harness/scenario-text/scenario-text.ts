/** Prints a scenario as a file that plays, and that somebody can read and go on with. */
import type { CheckCall, FaultCall } from './calls.ts';
import { commentText, keyText, quoted, type Writable, written } from './source-text.ts';

/** Names that the file has of another module. */
export interface ImportOf {
  readonly names: readonly string[];
  readonly from: string;
}

/** What a scenario file says. */
export interface ScenarioText {
  /** The comment at its head, line by line. */
  readonly comment: readonly string[];
  /** Names of the lab beside those of its faults and checks. */
  readonly names?: readonly string[];
  readonly imports?: readonly ImportOf[];
  /** Statements above the scenario, as source. */
  readonly before?: readonly string[];
  readonly id: string;
  readonly title: string;
  readonly story: string;
  /** @default in every world */
  readonly worlds?: readonly string[];
  /** The program that is judged alone. @default naive and hardened */
  readonly alone?: string | undefined;
  readonly fastPace: number;
  readonly faults: Readonly<Record<string, FaultCall>>;
  /** The function that plays it, as source: what stands behind `play: `. */
  readonly play: string;
  /** How it plays a program of the user’s own, as source. @default not at all */
  readonly anySubject?: string | undefined;
  readonly checks: Readonly<Record<string, CheckCall>>;
  /** Why standing checks do not apply, by id. */
  readonly waives?: Readonly<Record<string, string>>;
  /** What `naive` fails. */
  readonly reported: readonly string[];
}

/** The text of the file. */
export function scenarioText(scenario: ScenarioText): string {
  const { id, title, story, worlds, alone, fastPace, faults, play, checks, waives, reported } = scenario;
  return [
    ...headText(scenario.comment),
    ...importsText(scenario),
    '',
    ...(scenario.before === undefined ? [] : [...scenario.before, '']),
    'scenario({',
    `  id: ${quoted(id)},`,
    `  title: ${quoted(title)},`,
    '  requirements: [],',
    `  story: ${quoted(story)},`,
    ...(worlds === undefined ? [] : [`  worlds: ${written(worlds)},`]),
    ...(alone === undefined ? [] : [`  subjects: [${quoted(alone)}],`]),
    `  fastPace: ${fastPace},`,
    ...faultsText(faults),
    `  play: ${play},`,
    '  checks: {',
    ...Object.entries(checks).map(
      ([name, { call, title: says, params }]) =>
        `    ${keyText(name)}: ${call}(${quoted(says)}, ${written(params, 4)}),`,
    ),
    '  },',
    ...(waives === undefined ? [] : [`  waives: ${written(waives, 2)},`]),
    ...(reported.length === 0 ? [] : [`  reported: ${written(reported)},`]),
    ...(scenario.anySubject === undefined ? [] : [`  anySubject: ${scenario.anySubject},`]),
    '});',
    '',
  ].join('\n');
}

/** A comment for whoever opens the file; nothing in it ends it early. */
export function headText(lines: readonly string[]): string[] {
  const safe = lines.map((line) => commentText(line).trimEnd());
  if (safe.length === 1) return [`/** ${safe[0]} */`];
  return ['/**', ...safe.map((line) => (line === '' ? ' *' : ` * ${line}`)), ' */'];
}

function importsText({ names = [], imports = [], faults, checks }: ScenarioText): string[] {
  const calls = [...Object.values(faults), ...Object.values(checks)].map(({ call }) => call);
  const own: ImportOf = {
    names: [...new Set(['scenario', ...names, ...calls])].toSorted(),
    from: 'shaketable',
  };
  return [own, ...imports].map((one) => `import { ${one.names.join(', ')} } from ${quoted(one.from)};`);
}

function faultsText(faults: ScenarioText['faults']): string[] {
  const lines = Object.entries(faults).flatMap(([name, { call, args, link, from }]) => [
    `    ${keyText(name)}: {`,
    `      fault: ${call}(${argumentsText(args)}),`,
    ...(link === undefined ? [] : [`      link: ${quoted(link)},`]),
    ...(from === 'start' ? [] : ["      from: 'manual',"]),
    '    },',
  ]);
  return lines.length === 0 ? [] : ['  faults: {', ...lines, '  },'];
}

function argumentsText(args: Writable): string {
  if (args === undefined) return '';
  return Array.isArray(args) ? args.map((one: Writable) => written(one, 6)).join(', ') : written(args, 6);
}
