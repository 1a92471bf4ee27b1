/** Writes what was done by hand as a scenario: a file that plays, and that somebody can read and go on with. */
import { dirname, relative } from 'node:path';
import type { ToxicFacts } from 'shaketable-proxy';
import { toxicTypes } from 'shaketable-proxy';
import type { CheckSpec } from '../../checks/check.ts';
import * as factories from '../../checks/index.ts';
import type { Waivers } from '../../standing/index.ts';
import { posixPath } from './paths.ts';
import { commentText, keyText, quoted, type Writable, written } from './source-text.ts';
import type { PlayedFault, PlayedTimeline, Step } from './timeline.ts';

/** What the file says besides the timeline. */
export interface ScenarioFile {
  /** Where it will lie: absolute. */
  readonly path: string;
  readonly id: string;
  readonly title: string;
  /** When it was played, in words. */
  readonly played: string;
  readonly timeline: PlayedTimeline;
  readonly imports: readonly { readonly names: readonly string[]; readonly from: string }[];
  /** Statements at the beginning and at the end of `play`. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly checks: Readonly<Record<string, CheckSpec>>;
  /** What `naive` fails; empty for a program that is judged alone. */
  readonly reported: readonly string[];
  /** The program that is judged alone; undefined for naive and hardened. */
  readonly alone: string | undefined;
}

/** A check that asks whether the author has thought of an error: of what was only recorded nobody has. */
const waived = {
  'standing-expected-errors': 'recorded by hand: what its programs say of the faults is not judged yet',
} satisfies Waivers;

export function scenarioText(file: ScenarioFile): string {
  const { id, title, played, timeline, checks, reported, alone, before, after } = file;
  const story = `What was done by hand, in the same order and with the same time between. ${played}`;
  return [
    `/** ${commentText(title)}. ${commentText(played)} */`,
    ...importsOf(file),
    '',
    'scenario({',
    `  id: ${quoted(id)},`,
    `  title: ${quoted(title)},`,
    '  requirements: [],',
    `  story: ${quoted(story)},`,
    ...(alone === undefined ? [] : [`  subjects: [${quoted(alone)}],`]),
    `  fastPace: ${paceOf(timeline)},`,
    ...faultsOf(timeline.faults),
    '  play: async (table) => {',
    ...[...before, ...stepsOf(timeline), ...after].map((line) => `    ${line}`),
    '  },',
    '  checks: {',
    ...Object.entries(checks).map(([name, { check, title: says, params }]) => {
      return `    ${keyText(name)}: ${factoryOf(check)}(${quoted(says)}, ${written(params as Writable, 4)}),`;
    }),
    '  },',
    `  waives: ${written(waived, 2)},`,
    ...(reported.length === 0 ? [] : [`  reported: ${written(reported)},`]),
    '});',
    '',
  ].join('\n');
}

function importsOf({ path, imports, timeline, checks }: ScenarioFile): string[] {
  const { faults } = timeline;
  const own = new Set(['scenario', ...Object.values(checks).map(({ check }) => factoryOf(check))]);
  if (faults.some(({ toxic }) => toxic)) own.add('toxic');
  if (faults.some(({ toxic }) => !toxic)) own.add('refuseConnections');
  return [
    `import { ${[...own].toSorted().join(', ')} } from 'shaketable';`,
    ...imports.map(({ names, from }) => {
      const way = posixPath(relative(dirname(path), from));
      return `import { ${names.join(', ')} } from ${quoted(way.startsWith('.') ? way : `./${way}`)};`;
    }),
  ];
}

/** The function that makes a check of this kind. */
function factoryOf(check: string): string {
  const found = Object.entries(factories).find(([, factory]) => factory.kind.name === check);
  if (!found) throw new Error(`No check is called ${check}`);
  return found[0];
}

function faultsOf(faults: readonly PlayedFault[]): string[] {
  if (faults.length === 0) return [];
  const lines = faults.flatMap(({ id, link, toxic, fromStart }) => [
    `    ${keyText(id)}: {`,
    `      fault: ${toxic ? `toxic(${written(definitionOf(toxic), 6)})` : 'refuseConnections()'},`,
    `      link: ${quoted(link)},`,
    ...(fromStart ? [] : ["      from: 'manual',"]),
    '    },',
  ]);
  return ['  faults: {', ...lines, '  },'];
}

/** What is as it would be anyway is left out. */
function definitionOf({ type, stream, attributes, toxicity, only }: ToxicFacts): Writable {
  const initial = toxicTypes.get(type)?.attributes ?? {};
  const given = Object.entries(attributes).filter(
    ([name, value]) => JSON.stringify(initial[name]?.initial) !== JSON.stringify(value),
  );
  return {
    type,
    stream: stream === 'downstream' ? undefined : stream,
    attributes: given.length === 0 ? undefined : (Object.fromEntries(given) as Writable),
    toxicity: toxicity === 1 ? undefined : toxicity,
    only: only && Object.keys(only).length > 0 ? ({ ...only } as Writable) : undefined,
  };
}

function stepsOf({ steps }: PlayedTimeline): string[] {
  const stopped = new Set(steps.filter((step) => step.do === 'stop').map(({ program }) => program.name));
  const names = new Map<string, string>();
  return steps.map((step) => stepText(step, names, stopped));
}

/** `names` has the constants of the programs that are stopped again, by the program's name. */
function stepText(step: Step, names: Map<string, string>, stopped: ReadonlySet<string>): string {
  switch (step.do) {
    case 'sleep':
      return `await table.sleep(${written(step.ms)});`;
    case 'strikes': {
      const bounds = { nth: step.nth, withinMs: step.withinMs };
      return `await table.until({ kind: 'fault.strike', fault: ${quoted(step.fault)} }, ${written(bounds)});`;
    }
    case 'inject':
    case 'lift':
      return `await table.${step.do}(${quoted(step.fault)});`;
    case 'start': {
      const { function: name, names: given, options } = step.program.inScenario(step.env);
      const call = `await ${name}(${[...given, written(options as Writable, 4)].join(', ')});`;
      if (!stopped.has(step.program.name)) return call;
      const constant = `agent${names.size + 1}`;
      names.set(step.program.name, constant);
      return `const ${constant} = ${call}`;
    }
    default:
      return `await ${names.get(step.program.name) ?? 'table'}.stop();`;
  }
}

/**
 * As fast as a run of some ten seconds takes, and no faster than the shortest time of a fault allows: that has to be longer than
 * what a busy machine loses.
 */
function paceOf({ faults, lastsMs }: PlayedTimeline): number {
  const times = faults.flatMap(({ toxic }) => (toxic ? timesOf(toxic) : []));
  const shortest = Math.min(...times, 2_000);
  const careful = Math.min(10, Math.max(1, Math.floor(shortest / 100)));
  // A story that takes longer than two minutes is broken off.
  return Math.max(careful, Math.ceil(lastsMs / 90_000));
}

function timesOf({ type, attributes, only = {} }: ToxicFacts): number[] {
  const initial = toxicTypes.get(type)?.attributes ?? {};
  const times = Object.entries(attributes)
    .filter(([name]) => initial[name]?.unit === 'ms')
    .flatMap(([, value]) => value)
    .filter((value) => typeof value === 'number');
  return [...times, only.after_ms ?? 0, only.for_ms ?? 0].filter((ms) => ms > 1);
}
