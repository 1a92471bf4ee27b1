/**
 * What attributes a toxic has: for each a default, and a decoder that takes what a client sent and says in a 400
 * what was expected. Integers follow Go's rules, as in Toxiproxy: `1.5`, `100.0`, `1e3` and `"100"` are refused.
 */
import { badBody, invalidAttribute } from './api-error.ts';
import { describeJson, type Json } from './json.ts';

/**
 * What a number measures. The lab divides times (`ms`, `µs`) by its pace and multiplies rates (`KB/s`, 1000 bytes a
 * second) by it; a number without a unit is a count, a code or a share.
 */
export type Unit = 'ms' | 'µs' | 'KB/s' | 'bytes';

/** Which values an attribute takes, as data: what a form for it is made from. Lists and texts have so many items or characters at most. */
export type AttributeForm =
  | { readonly kind: 'integer'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'decimal'; readonly min: number; readonly max: number }
  | { readonly kind: 'integers'; readonly max: number }
  | { readonly kind: 'choice'; readonly words: readonly string[] }
  | { readonly kind: 'text'; readonly max: number }
  | { readonly kind: 'flag' };

/** Something with a default that is read from JSON. Decoding throws an `ApiError` with status 400. */
export interface Setting<T> {
  readonly initial: T;
  /** The values that it takes, in words: `at least 0`, `one of reset, close`. */
  readonly range: string;
  decode(json: Json, name: string): T;
}

/** One attribute of a toxic. */
export interface Attribute<T> extends Setting<T> {
  readonly unit?: Unit;
  readonly form: AttributeForm;
}

export type AttributeValue = number | string | boolean | readonly number[];
export type AttributeSpecs = Readonly<Record<string, Attribute<AttributeValue>>>;

/** The values that go with a set of attributes. */
export type AttributeValues<S extends AttributeSpecs> = {
  readonly [K in keyof S]: S[K] extends Attribute<infer T> ? T : never;
};

const int64Max = 2n ** 63n - 1n;
const int64Min = -(2n ** 63n);

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** A 64-bit integer, 0 unless given, optionally within bounds: a count or a code. */
export function integer({ min = -Infinity, max = Infinity }: Bounds = {}): Attribute<number> {
  return {
    initial: 0,
    form: { kind: 'integer', ...(min > -Infinity && { min }), ...(max < Infinity && { max }) },
    range: describeBounds(min, max),
    decode(json, name) {
      const value = toInt64(json, name);
      if (value < min) throw invalidAttribute(name, `at least ${min}`, value);
      if (value > max) throw invalidAttribute(name, `at most ${max}`, value);
      return value;
    },
  };
}

function describeBounds(min: number, max: number): string {
  if (max < Infinity) return `${min} to ${max}`;
  return min > -Infinity ? `at least ${min}` : 'any integer';
}

/** A length of time, an integer. */
export function duration({
  unit = 'ms',
  ...bounds
}: Bounds & { readonly unit?: 'ms' | 'µs' } = {}): Attribute<number> {
  return { ...integer(bounds), unit };
}

/** Thousands of bytes a second, an integer. */
export function rate(bounds: Bounds = {}): Attribute<number> {
  return { ...integer(bounds), unit: 'KB/s' };
}

/** A number of bytes, an integer. */
export function byteCount(bounds: Bounds = {}): Attribute<number> {
  return { ...integer(bounds), unit: 'bytes' };
}

function toInt64(json: Json, name: string): number {
  const literal = json.kind === 'number' ? json.literal : undefined;
  // So many digits at most: to read millions of them takes seconds.
  const valid = literal !== undefined && /^-?\d{1,19}$/.test(literal);
  if (!valid || BigInt(literal) > int64Max || BigInt(literal) < int64Min) {
    const shown = literal === undefined ? describeJson(json) : `number ${literal}`;
    throw badBody(`json: cannot unmarshal ${shown} into Go struct field .attributes.${name} of type int64`);
  }
  return Number(literal);
}

/** A number within bounds, possibly with a fraction. */
export function decimal({ initial, min, max }: Record<'initial' | 'min' | 'max', number>): Attribute<number> {
  return {
    initial,
    form: { kind: 'decimal', min, max },
    range: `${min} to ${max}`,
    decode(json, name) {
      const value = json.kind === 'number' ? Number(json.literal) : Number.NaN;
      if (!(value >= min && value <= max))
        throw invalidAttribute(name, `a number from ${min} to ${max}`, showJson(json));
      return value;
    },
  };
}

/**
 * A list of integers from 0 on, empty unless given: a JSON array, or a text with commas or spaces between them, since
 * command lines of Toxiproxy's clients send nothing else, and a single one as a number.
 */
export function integerList({ max }: { readonly max: number }): Attribute<readonly number[]> {
  const parse = (text: string): number => (/^\d{1,15}$/.test(text) ? Number(text) : Number.NaN);
  return {
    initial: [],
    form: { kind: 'integers', max },
    range: `at most ${max} integers from 0 on`,
    decode(json, name) {
      const texts = listedTexts(json);
      const numbers = texts?.map(parse) ?? [Number.NaN];
      const wrong = numbers.findIndex(Number.isNaN);
      if (wrong >= 0)
        throw invalidAttribute(name, 'a list of integers from 0 on', texts?.[wrong] ?? showJson(json));
      if (numbers.length > max) throw invalidAttribute(name, `at most ${max} integers`, numbers.length);
      return numbers;
    },
  };
}

/** Lengths of time in milliseconds, read as {@link integerList} does. */
export function durationList(options: { readonly max: number }): Attribute<readonly number[]> {
  return { ...integerList(options), unit: 'ms' };
}

function listedTexts(json: Json): string[] | undefined {
  if (json.kind === 'array') return json.items.map(showJson);
  if (json.kind === 'number') return [json.literal];
  return json.kind === 'string' ? json.value.split(/[\s,]+/).filter((text) => text !== '') : undefined;
}

/** A number from 0 to 1. */
export function fraction(initial: number): Attribute<number> {
  return decimal({ initial, min: 0, max: 1 });
}

/** One word of a list, the first unless given. */
export function choice<const W extends readonly [string, ...string[]]>(words: W): Attribute<W[number]> {
  return {
    initial: words[0],
    form: { kind: 'choice', words },
    range: `one of ${words.join(', ')}`,
    decode(json, name) {
      const word = words.find((candidate) => json.kind === 'string' && json.value === candidate);
      if (word === undefined) throw invalidAttribute(name, `one of ${words.join(', ')}`, showJson(json));
      return word;
    },
  };
}

/**
 * Any text up to a length, empty unless given. A number is taken as it is spelled, since `toxiproxy-cli` sends what looks
 * like one as a number; zeros in front, which it cuts off, are put back up to `digits`.
 */
export function text({ initial = '', max = 1_024, digits = 1 } = {}): Attribute<string> {
  return {
    initial,
    form: { kind: 'text', max },
    range: `text of at most ${max} characters`,
    decode(json, name) {
      if (json.kind !== 'number' && json.kind !== 'string')
        throw invalidAttribute(name, 'a text', showJson(json));
      const given = json.kind === 'number' ? json.literal.padStart(digits, '0') : json.value;
      if (given.length > max) throw invalidAttribute(name, `at most ${max} characters`, given.length);
      return given;
    },
  };
}

/** What stands for true and false: the words that Go's `strconv.ParseBool` takes, as text or number. */
const truths = new Map([
  ...['"true"', '"t"', '"1"', '1'].map((word) => [word, true] as const),
  ...['"false"', '"f"', '"0"', '0'].map((word) => [word, false] as const),
]);

/** True or false, false unless given. `toxiproxy-cli` sends it as a text or a number. */
export function flag(): Attribute<boolean> {
  return {
    initial: false,
    form: { kind: 'flag' },
    range: 'true or false',
    decode(json, name) {
      const value = json.kind === 'bool' ? json.value : truths.get(showJson(json).toLowerCase());
      if (value === undefined) throw invalidAttribute(name, 'true or false', showJson(json));
      return value;
    },
  };
}

function showJson(json: Json): string {
  if (json.kind === 'number') return json.literal;
  return json.kind === 'string' ? JSON.stringify(json.value) : describeJson(json);
}
