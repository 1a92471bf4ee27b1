/** What a schema has against a value: where, what is wrong, and the nearest right word. */
import type * as z from 'zod';
import { suggestion } from './nearest-word.ts';

/** One mistake; `path` is dotted, and empty for the value as a whole. */
export interface SchemaMistake {
  readonly path: string;
  readonly why: string;
}

/** For each parameter what it may be; one that may be left out is optional here too. */
export type Shape<Params> = {
  readonly [Name in keyof Params]-?: undefined extends Params[Name] ? z.ZodOptional : z.ZodType;
};

/** `from: expected a number`, or only what is wrong where it is the value as a whole. */
export const mistakeInWords = ({ path, why }: SchemaMistake): string =>
  path === '' ? why : `${path}: ${why}`;

/** The mistakes in a value; none for one that fits. */
export function schemaMistakes(schema: z.ZodType, value: unknown): readonly SchemaMistake[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).flatMap((issue) => described(issue, schema, value));
}

function described(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): SchemaMistake[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => ({
      path,
      why: `there is no \`${key}\`${known.length === 0 ? '' : `; ${suggestion(key, known)}`}`,
    }));
  }
  const given = issue.path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown>)?.[key],
    value,
  );
  if (given === undefined && issue.code === 'invalid_type') return [{ path, why: 'it is missing' }];
  if (issue.code === 'invalid_value' && typeof given === 'string')
    return [{ path, why: `there is no ${given}; ${suggestion(given, issue.values.map(String))}` }];
  return [{ path, why: issue.message }];
}

/** The keys that the object schema at `path` knows; none where that cannot be told. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: unknown = schema;
  for (const key of path) at = innerOf(unwrapped(at), key);
  const { shape, options = [] } = unwrapped(at) as {
    shape?: object;
    options?: readonly { shape?: object }[];
  };
  // Of a union, such as `false` or bounds, its only object.
  const [only = {}, ...others] = shape === undefined ? options.filter((option) => option.shape) : [{ shape }];
  return others.length > 0 ? [] : Object.keys(only.shape ?? {});
}

/** An optional or defaulted schema stands for the one inside. */
function unwrapped(schema: unknown): unknown {
  let inner = schema as { unwrap?: () => unknown; shape?: object; element?: unknown } | undefined;
  while (
    inner &&
    inner.shape === undefined &&
    inner.element === undefined &&
    typeof inner.unwrap === 'function'
  )
    inner = inner.unwrap() as typeof inner;
  return inner ?? {};
}

function innerOf(schema: unknown, key: PropertyKey): unknown {
  const { shape, valueType, element } = schema as {
    shape?: Record<PropertyKey, unknown>;
    valueType?: unknown;
    element?: unknown;
  };
  return shape?.[key] ?? valueType ?? element;
}
