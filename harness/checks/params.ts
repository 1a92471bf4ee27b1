/**
 * What parameters of checks may be. Types are stripped when a scenario runs: what they would have refused is refused by these,
 * when the scenario is declared.
 */
import * as z from 'zod';
import type { JsonObject } from '../journal/entry.ts';
import { type SchemaMistake, schemaMistakes } from '../schema-mistakes.ts';

/** Which entries are meant; that they can be meant at all is looked into with the table of kinds (`mistakes.ts`). */
export const matcher = z.looseObject({}, 'expected a matcher, as { kind: … }');
/** What fields of entries have to be. */
export const patterns = z.looseObject({}, 'expected patterns, as { field: value }');
/** The name of a field, or a dotted path. */
export const fieldName = z.string().min(1);
export const text = z.string().min(1);
/** Lab milliseconds. */
export const ms = z.number().min(0);
/** A part of something, as 0.3; may be more than all. */
export const share = z.number().min(0);
/** How many there have to be before a verdict means anything. */
export const fewest = z.int().min(0).optional();
/** Limits of a figure: one at least has to be given. */
export const bounds = { atLeast: z.number().optional(), atMost: z.number().optional() };
/** The part of the run that is looked at. */
export const scope = {
  during: z.string().min(1).optional(),
  after: z.string().min(1).optional(),
  since: matcher.optional(),
  before: matcher.optional(),
};

/** The mistakes in parameters that do not need a journal to be seen. */
export function mistakesInParams(
  shape: Readonly<Record<string, z.ZodType>>,
  params: JsonObject,
): readonly SchemaMistake[] {
  const found = schemaMistakes(z.strictObject(shape), params);
  return found.length > 0 ? found : mistakesInBounds(shape, params);
}

function mistakesInBounds(shape: Readonly<Record<string, z.ZodType>>, params: JsonObject): SchemaMistake[] {
  const { atLeast, atMost } = params;
  if (!('atLeast' in shape && 'atMost' in shape)) return [];
  if (atLeast === undefined && atMost === undefined)
    return [{ path: '', why: 'there is no bound: give atLeast, atMost or both' }];
  if (typeof atLeast === 'number' && typeof atMost === 'number' && atLeast > atMost)
    return [{ path: 'atLeast', why: `${atLeast} is more than atMost, ${atMost}: nothing could pass` }];
  if (params.fewest === 0 && atLeast === undefined)
    return [
      {
        path: 'fewest',
        why: 'with 0 a check that finds nothing would pass: give atLeast too, or 1 and more',
      },
    ];
  return [];
}
