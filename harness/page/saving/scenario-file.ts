/** Writes what was done by hand as a scenario: a file that plays, and that somebody can read and go on with. */
import { dirname } from 'node:path';
import type { ToxicFacts } from 'shaketable-proxy';
import { toxicTypes } from 'shaketable-proxy';
import type { CheckSpec } from '../../checks/check.ts';
import * as factories from '../../checks/index.ts';
import type { FaultCall } from '../../scenario-text/calls.ts';
import { pathFrom } from '../../scenario-text/paths.ts';
import { scenarioText } from '../../scenario-text/scenario-text.ts';
import { quoted, type Writable, written } from '../../scenario-text/source-text.ts';
import type { Waivers } from '../../standing/index.ts';
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

/** The text of the file. */
export function handPlayedScenario(file: ScenarioFile): string {
  const { path, id, title, played, imports, timeline, checks, reported, alone, before, after } = file;
  const body = [...before, ...stepsOf(timeline), ...after].map((line) => `    ${line}\n`);
  return scenarioText({
    comment: [`${title}. ${played}`],
    imports: imports.map(({ names, from }) => ({ names, from: pathFrom(dirname(path), from) })),
    id,
    title,
    story: `What was done by hand, in the same order and with the same time between. ${played}`,
    alone,
    fastPace: paceOf(timeline),
    faults: Object.fromEntries(timeline.faults.map((fault) => [fault.id, callOf(fault)])),
    play: `async (table) => {\n${body.join('')}  }`,
    checks: Object.fromEntries(
      Object.entries(checks).map(([name, { check, title: says, params }]) => [
        name,
        { call: factoryOf(check), title: says, params: params as Writable },
      ]),
    ),
    waives: waived,
    reported,
  });
}

/** The function that makes a check of this kind. */
function factoryOf(check: string): string {
  const found = Object.entries(factories).find(([, factory]) => factory.kind.name === check);
  if (!found) throw new Error(`No check is called ${check}`);
  return found[0];
}

function callOf({ toxic, link, fromStart }: PlayedFault): FaultCall {
  return {
    ...(toxic ? { call: 'toxic', args: definitionOf(toxic) } : { call: 'refuseConnections' }),
    link,
    ...(fromStart ? { from: 'start' } : {}),
  };
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
