/**
 * Reads JSON the way Toxiproxy's server does, where that differs from `JSON.parse`: numbers keep their spelling
 * (`100.0` is no integer), duplicate keys are kept in order, text after the first value is ignored, and messages are
 * those of Go's `encoding/json`.
 */
import { badBody } from './api-error.ts';
import { deepest, mostValues } from './limits.ts';

/** A JSON value with what `JSON.parse` would lose. */
export type Json =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'number'; readonly literal: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly Json[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [string, Json])[] };

const space = /[ \t\r\n]*/y;
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** A number or word that the text ends in the middle of. */
const unfinished = /(?:-|-?(?:0|[1-9]\d*)(?:\.|(?:\.\d+)?[eE][+-]?)|n(?:ul?)?|t(?:ru?)?|f(?:a(?:ls?)?)?)$/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold control characters.
const stringPattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/**
 * The first JSON value in `text`.
 * @throws {ApiError} 400, `bad request body: …`
 */
export function parseJson(text: string): Json {
  let position = 0;
  let values = 0;
  skipSpace();
  if (position === text.length) throw badBody('EOF');
  return value(0);

  function value(depth: number): Json {
    values += 1;
    if (depth > deepest) throw badBody('exceeded max depth');
    if (values > mostValues) throw badBody(`more than ${mostValues} values`);
    skipSpace();
    switch (text[position]) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return { kind: 'string', value: string() };
      default:
        if (match(unfinished) !== undefined) throw badBody('unexpected EOF');
        return word('null') ?? word('true') ?? word('false') ?? number();
    }
  }

  function object(depth: number): Json {
    const fields: [string, Json][] = [];
    position += 1;
    for (skipSpace(); text[position] !== '}'; skipSpace()) {
      if (fields.length > 0) expect(',', 'after object key:value pair');
      skipSpace();
      if (text[position] !== '"') throw unexpected('looking for beginning of object key string');
      const key = string();
      skipSpace();
      expect(':', 'after object key');
      fields.push([key, value(depth + 1)]);
    }
    position += 1;
    return { kind: 'object', fields };
  }

  function array(depth: number): Json {
    const items: Json[] = [];
    position += 1;
    for (skipSpace(); text[position] !== ']'; skipSpace()) {
      if (items.length > 0) expect(',', 'after array element');
      items.push(value(depth + 1));
    }
    position += 1;
    return { kind: 'array', items };
  }

  function word(expected: 'null' | 'true' | 'false'): Json | undefined {
    if (!text.startsWith(expected, position)) return undefined;
    position += expected.length;
    return expected === 'null' ? { kind: 'null' } : { kind: 'bool', value: expected === 'true' };
  }

  function number(): Json {
    const literal = match(numberPattern);
    if (literal === undefined) throw unexpected('looking for beginning of value');
    return { kind: 'number', literal };
  }

  function string(): string {
    const literal = match(stringPattern);
    if (literal !== undefined) return (JSON.parse(literal) as string).toWellFormed();
    const closed = /"(?:[^"\\]|\\.)*"/sy;
    closed.lastIndex = position;
    throw badBody(closed.test(text) ? 'invalid character in string literal' : 'unexpected EOF');
  }

  function expect(character: string, where: string): void {
    if (text[position] !== character) throw unexpected(where);
    position += 1;
  }

  function unexpected(where: string): Error {
    const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
    return badBody(
      position >= text.length ? 'unexpected EOF' : `invalid character ${quoted(character)} ${where}`,
    );
  }

  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0];
    position += found?.length ?? 0;
    return found;
  }

  function skipSpace(): void {
    match(space);
  }
}

const escapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
};

/** A character as Go's `encoding/json` shows it: by the first byte of its UTF-8, so that one that has no look of its own is seen. */
function quoted(character: string): string {
  const [byte = 0] = Buffer.from(character);
  const hasNoLook = byte < 0x20 || byte === 0x7f;
  const shown = hasNoLook ? `\\x${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte);
  return `'${escapes[character] ?? shown}'`;
}

/** Go's word for the kind of a value, as its error messages use it. */
export function describeJson(json: Json): string {
  return json.kind;
}

/**
 * A field of an object: keys match in any letter case, the last one wins, and `null` counts as absent. Anything but
 * an object has no fields.
 */
export function field(json: Json, name: string): Json | undefined {
  if (json.kind !== 'object') return undefined;
  const wanted = name.toLowerCase();
  return json.fields.findLast(([key, value]) => key.toLowerCase() === wanted && value.kind !== 'null')?.[1];
}

/**
 * A value of a program as JSON, as if it had been written out and read: what JSON has no word for is left out of
 * objects, and is null elsewhere.
 */
export function jsonOf(value: unknown): Json {
  if (Array.isArray(value)) return { kind: 'array', items: value.map(jsonOf) };
  switch (typeof value) {
    case 'boolean':
      return { kind: 'bool', value };
    case 'number':
      return Number.isFinite(value) ? { kind: 'number', literal: JSON.stringify(value) } : { kind: 'null' };
    case 'string':
      return { kind: 'string', value: value.toWellFormed() };
    case 'object':
      return value === null ? { kind: 'null' } : { kind: 'object', fields: fieldsOf(value) };
    default:
      return { kind: 'null' };
  }
}

function fieldsOf(value: object): [string, Json][] {
  return Object.entries(value)
    .filter(([, field]) => field !== undefined && typeof field !== 'function' && typeof field !== 'symbol')
    .map(([key, field]) => [key.toWellFormed(), jsonOf(field)]);
}
