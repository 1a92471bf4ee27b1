/** What the fields of a scenario may be: names, units and triggers that types would have refused. */
import * as z from 'zod';
import { connectionKinds } from '../adapter/protocol.ts';
import { matcher, text } from '../checks/params.ts';
import { places } from '../faults/fault.ts';
import { type Need, needs } from '../foreign/any-subject.ts';
import { type SchemaMistake, schemaMistakes } from '../schema-mistakes.ts';
import { standingCheckIds } from '../standing/index.ts';
import { worldNames } from '../world-list.ts';

const worlds = z.array(z.enum(worldNames)).min(1);
const isFunction = z.custom((value) => typeof value === 'function', 'expected a function');
/** A moment: lab time since the run began, or the nth entry that is meant, and so much later. */
const trigger = z.union([
  z.strictObject({ afterMs: z.number().min(0) }),
  z.strictObject({ event: matcher, nth: z.int().min(1).optional(), delayMs: z.number().min(0).optional() }),
]);

const fault = z.strictObject({
  fault: z.looseObject(
    { kind: text, place: z.enum(places), params: z.looseObject({}), worlds, install: isFunction },
    'expected what a function such as toxic() or holdLocks() gives',
  ),
  link: text.optional(),
  from: z
    .union(
      [z.enum(['start', 'manual']), trigger],
      "expected 'start', 'manual', { afterMs } or { event, nth }",
    )
    .optional(),
  until: z
    .union(
      [trigger, z.strictObject({ strikes: z.int().min(1) })],
      'expected { afterMs }, { event, nth } or { strikes }',
    )
    .optional(),
});

const figure = z.union([z.string(), z.number(), z.null()]);
/** Ranges may be open: Zod's own number is never infinite. */
const end = z.custom<number>(
  (value) => typeof value === 'number' && !Number.isNaN(value),
  'expected a number',
);
const range = z.tuple([end, end], 'expected a range, as [low, high]');

const claim = z.strictObject({
  id: text,
  figure: text,
  requirement: text,
  reportedBefore: figure,
  reportedAfter: figure,
  unit: z.string(),
  check: text,
  scale: z.number().optional(),
  before: range,
  after: range,
  ratio: range.optional(),
});

/** It is part of the names of files. */
const programName = z.string().regex(/^\w[\w.-]*$/, 'expected letters, digits, and . _ - between them');

const scenario = z.strictObject({
  id: z.string().regex(/^[^/\s]+(\/[^/\s]+)*$/, 'expected a path, as fleet-resets/one-handshake-per-request'),
  title: text,
  requirements: z.array(text),
  story: text,
  fastPace: z.number().min(1).optional(),
  worlds: worlds.optional(),
  except: z.partialRecord(z.enum(worldNames), text).optional(),
  faults: z.record(z.string(), fault).optional(),
  play: isFunction,
  checks: z.record(z.string(), z.strictObject({ check: text, params: z.looseObject({}), title: text })),
  subjects: z.tuple([programName], "expected the name of one program, as ['mine']").optional(),
  reported: z.array(text).optional(),
  claims: z.array(claim).optional(),
  anySubject: z
    .strictObject({
      needs: z.array(z.enum(Object.keys(needs) as Need[])).optional(),
      fastPace: z.number().min(1).optional(),
      part: isFunction,
    })
    .optional(),
  anyAdapter: z
    .strictObject({
      kind: z.enum(connectionKinds),
      fastPace: z.number().min(1).optional(),
      part: isFunction,
    })
    .optional(),
  waives: z.partialRecord(z.enum(standingCheckIds), text).optional(),
});

/** The mistakes in the fields of a scenario, before what they refer to is looked into. */
export const mistakesInShape = (definition: unknown): readonly SchemaMistake[] =>
  schemaMistakes(scenario, definition);
