/**
 * What is explored: a story that goes on for as long as faults come, what they may be drawn from, and what has to hold whatever comes.
 */
import * as z from 'zod';
import type { CheckSpec } from '../checks/check.ts';
import { LabError } from '../errors.ts';
import type { PlannedFault } from '../faults/planned-fault.ts';
import type { Matcher } from '../journal/matcher.ts';
import { mistakesOf } from '../run/scenario-mistakes.ts';
import { mistakeInWords, schemaMistakes } from '../schema-mistakes.ts';
import type { Waivers } from '../standing/index.ts';
import type { Table } from '../worlds/table.ts';
import type { Palette } from './draw.ts';
import { drawableKinds, type KindName } from './kinds.ts';
import { Storm } from './storm.ts';

/** An exploration as its file declares it. */
export interface ExplorationSource {
  /** A path, as that of a scenario: `explore/http-agent`. */
  readonly id: string;
  readonly title: string;
  /** What schedules are drawn from. */
  readonly faults: Palette;
  /** How long faults come, lab milliseconds. @default 60_000 */
  readonly stormMs?: number;
  /** How long it is quiet afterwards, so that what is under way can end. @default 60_000 */
  readonly quietMs?: number;
  /** How many lab milliseconds pass in a real one, in a world of real time. @default 20 */
  readonly fastPace?: number;
  /** Puts the subject on the table and has it work until `storm.settled()`. */
  readonly subject: (table: Table, storm: () => Storm) => Promise<void>;
  /** What has to hold whatever comes, by id; standing checks are judged as well. */
  readonly invariants: Readonly<Record<string, CheckSpec>>;
  /** What some run has to reach, by a few words: a sweep that never did proves little, and is inconclusive. */
  readonly sometimes?: Readonly<Record<string, Matcher>>;
  /** Standing checks that do not apply, each with the reason. */
  readonly waives?: Waivers;
  /** What the subject is called on the table. @default 'explored' */
  readonly as?: string;
  /** Faults that are there in every run, beside those that are drawn. */
  readonly own?: Readonly<Record<string, PlannedFault>>;
}

/** With its defaults. */
export type Exploration = Required<ExplorationSource>;

const defaults = {
  stormMs: 60_000,
  quietMs: 60_000,
  fastPace: 20,
  sometimes: {},
  waives: {},
  as: 'explored',
  own: {},
};

const layers = ['tcp', 'tls', 'http', 'http2', 'websocket', 'mysql'] as const;
const kinds = Object.keys(drawableKinds) as [KindName, ...KindName[]];
const isFunction = z.custom((value) => typeof value === 'function', 'expected a function');

const shape = z.strictObject({
  id: z.string().regex(/^[^/\s]+(\/[^/\s]+)*$/, 'expected a path, as explore/my-client'),
  title: z.string().min(1),
  faults: z.strictObject({
    links: z.record(z.string(), z.union([z.enum(layers), z.array(z.enum(kinds)).min(1)])).optional(),
    names: z.array(z.string()).optional(),
    crash: z.boolean().optional(),
    clock: z.boolean().optional(),
  }),
  stormMs: z.number().positive().optional(),
  quietMs: z.number().min(0).optional(),
  fastPace: z.number().min(1).optional(),
  subject: isFunction,
  invariants: z.record(
    z.string(),
    z.looseObject({ check: z.string(), params: z.looseObject({}), title: z.string() }),
  ),
  sometimes: z.record(z.string(), z.looseObject({})).optional(),
  waives: z.record(z.string(), z.string()).optional(),
  as: z.string().min(1).optional(),
  own: z.record(z.string(), z.looseObject({})).optional(),
});

/** Those that were made here: a file may export other things besides. */
const made = new WeakSet<object>();

/**
 * Declares an exploration, for a file to export.
 * @throws LabError `LAB_SCENARIO_BROKEN` for one that cannot be judged
 */
export function exploration(source: ExplorationSource): Exploration {
  const wrong = schemaMistakes(shape, source).map(mistakeInWords);
  const checks = wrong.length > 0 ? [] : mistakesOf({ checks: source.invariants, reported: [] });
  const mistakes = [...wrong, ...checks];
  if (mistakes.length > 0)
    throw new LabError('LAB_SCENARIO_BROKEN', mistakes.map((line) => `${source.id}: ${line}`).join('\n'), {
      hint: 'docs/exploring.md has what an exploration may say.',
    });
  const whole = { ...defaults, ...source };
  made.add(whole);
  return whole;
}

export const isExploration = (value: unknown): value is Exploration =>
  typeof value === 'object' && value !== null && made.has(value);

/** The exploration itself, or the one that a module exports. @throws LabError `LAB_SCENARIO_BROKEN` where there is none */
export function explorationIn(given: object): Exploration {
  const found = isExploration(given) ? given : Object.values(given).find(isExploration);
  if (found !== undefined) return found;
  throw new LabError('LAB_SCENARIO_BROKEN', 'There is no exploration to play the story of', {
    hint: 'Export what exploration({ … }) gives.',
  });
}

/** Plays the story of an exploration on a table. */
export function playStory({ subject, stormMs, quietMs }: Exploration, table: Table): Promise<void> {
  let storm: Storm | undefined;
  return subject(table, () => {
    storm ??= new Storm(table, { stormMs, quietMs });
    return storm;
  });
}
