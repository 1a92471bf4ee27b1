/** Reads the `only` key. Unlike Toxiproxy's own keys, unknown ones in it are refused: a typo would strike all. */

import { isRange } from './address-ranges.ts';
import { invalidAttribute } from './api-error.ts';
import { describeJson, type Json } from './json.ts';
import type { Selector } from './selector.ts';

type Criterion = number | number[] | string | string[];

/** @throws {ApiError} 400 */
export function decodeSelector(json: Json | undefined): Selector | undefined {
  if (json === undefined) return undefined;
  if (json.kind !== 'object') throw invalidAttribute('only', 'an object', describeJson(json));
  const selector: Record<string, Criterion> = {};
  for (const [key, value] of json.fields) {
    if (value.kind !== 'null') selector[key] = decodeCriterion(key, value);
  }
  return selector;
}

function decodeCriterion(key: string, json: Json): Criterion {
  const where = `only.${key}`;
  const count = (value: Json, min: number): number => {
    const number = value.kind === 'number' ? Number(value.literal) : Number.NaN;
    if (Number.isSafeInteger(number) && number >= min) return number;
    throw invalidAttribute(where, `an integer of at least ${min}`, showValue(value));
  };
  switch (key) {
    case 'nth':
    case 'connections':
      if (json.kind !== 'array') throw invalidAttribute(where, 'an array of integers', describeJson(json));
      return json.items.map((item) => count(item, 1));
    case 'clients':
      if (json.kind !== 'array') throw invalidAttribute(where, 'an array of addresses', describeJson(json));
      return json.items.map((item) => range(where, item));
    case 'every':
      return count(json, 1);
    case 'first':
    case 'above':
    case 'strikes':
    case 'from_bytes':
    case 'after_ms':
    case 'for_ms':
      return count(json, 0);
    case 'share': {
      const share = json.kind === 'number' ? Number(json.literal) : Number.NaN;
      if (share >= 0 && share <= 1) return share;
      throw invalidAttribute(where, 'a number from 0 to 1', showValue(json));
    }
    case 'since':
      if (json.kind === 'string' && (json.value === 'connection' || json.value === 'toxic'))
        return json.value;
      throw invalidAttribute(where, 'connection or toxic', showValue(json));
    default:
      throw invalidAttribute(
        'only',
        'nth, connections, clients, first, above, every, share, strikes, from_bytes, after_ms, for_ms or since',
        key,
      );
  }
}

function range(where: string, json: Json): string {
  if (json.kind === 'string' && isRange(json.value)) return json.value;
  throw invalidAttribute(where, 'addresses as 10.0.0.0/8 or ::1', showValue(json));
}

/** What acts when a connection is accepted has no later moment to begin at. @throws {ApiError} 400 */
export function assertSelectsAtAccept(what: string, only: Selector = {}): void {
  if (only.from_bytes) throw invalidAttribute('only.from_bytes', `none for ${what}`, only.from_bytes);
  if (only.after_ms && only.since !== 'toxic') {
    throw invalidAttribute('only.after_ms', `since: "toxic" beside it for ${what}`, only.since);
  }
}

function showValue(json: Json): string {
  if (json.kind === 'number') return json.literal;
  return json.kind === 'string' ? JSON.stringify(json.value) : describeJson(json);
}
