/**
 * Which requests a toxic of HTTP acts on: by method, by path, and of those by occasion. Every request that fits is an
 * occasion, whether the toxic can then do anything to its answer or not.
 */

import { text } from '../../core/attributes.ts';
import type { ToxicContext } from '../../core/toxic-type.ts';
import type { HttpRequestHead } from '../../protocols/http-head.ts';
import { matchesGlob } from './glob.ts';
import { isDue, type OccasionValues, occasionAttributes } from './occasions.ts';

/** Attributes of a toxic that picks requests; everything given must hold. */
export const requestAttributes = {
  /** `GET`, `POST` …; empty is any. */
  method: text({ max: 32 }),
  /** The path, with `*` for anything; with a `?` in it the query counts too. Empty is any. */
  path: text(),
  ...occasionAttributes,
};

/** The values of these attributes. */
export interface RequestValues extends OccasionValues {
  readonly method: string;
  readonly path: string;
}

/** Counts a request that fits, and says whether the toxic acts on it. */
export function isWanted(
  context: ToxicContext<RequestValues>,
  { method, target }: Pick<HttpRequestHead, 'method' | 'target'>,
): boolean {
  const { attributes } = context;
  const fits =
    (attributes.method === '' || attributes.method.toUpperCase() === method.toUpperCase()) &&
    (attributes.path === '' || matchesPath(attributes.path, target));
  return fits && isDue(context);
}

/** Whether a request's target fits a pattern in which `*` is any text. Scheme and host of the target do not count. */
export function matchesPath(pattern: string, target: string): boolean {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '');
  const path = pattern.includes('?') ? local : (local.split('?', 1)[0] ?? local);
  return matchesGlob(pattern, path);
}
