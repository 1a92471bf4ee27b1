import { expect, it } from 'vitest';
import { ApiError } from '../../../proxy/core/api-error.ts';
import { field, type Json, jsonOf, parseJson } from '../../../proxy/core/json.ts';
import fc from '../../support/fast-check.ts';

/** What `JSON.parse` would have given. */
function toValue(json: Json): unknown {
  switch (json.kind) {
    case 'null':
      return null;
    case 'number':
      return Number(json.literal);
    case 'array':
      return json.items.map(toValue);
    case 'object':
      return Object.fromEntries(json.fields.map(([key, value]) => [key, toValue(value)]));
    default:
      return json.value;
  }
}

it('reads whatever JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.boolean(), (text, trailing) => {
      expect(toValue(parseJson(trailing ? `${text} and more` : text))).toEqual(JSON.parse(text));
    }),
  );
});

it('answers any other text with a 400', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (text, at, character) => {
      const position = at % text.length;
      try {
        parseJson(text.slice(0, position) + character + text.slice(position + 1));
      } catch (error) {
        expect(error).toBeInstanceOf(ApiError);
        expect(error).toMatchObject({ status: 400, message: expect.stringMatching(/^bad request body: /) });
      }
    }),
  );
});

it.each([
  ['', 'EOF'],
  ['  ', 'EOF'],
  ['{', 'unexpected EOF'],
  ['{"a', 'unexpected EOF'],
  ['[1,', 'unexpected EOF'],
  ['tru', 'unexpected EOF'],
  ['{"a":-', 'unexpected EOF'],
  ['1.5e', 'unexpected EOF'],
  ['trust', "invalid character 't' looking for beginning of value"],
  ['\uFEFF[]', "invalid character 'ï' looking for beginning of value"],
  ['\u001f\u008b', "invalid character '\\x1f' looking for beginning of value"],
  ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
  ['[1\u0007]', "invalid character '\\a' after array element"],
  ['é', "invalid character 'Ã' looking for beginning of value"],
  ['[1 2]', "invalid character '2' after array element"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
])('says of %j what Go says', (text, message) => {
  expect(() => parseJson(text)).toThrow(new ApiError(400, `bad request body: ${message}`));
});

it('keeps the spelling of numbers', () => {
  expect(parseJson('[100.0, 1e3, 9223372036854775807]')).toMatchObject({
    items: [{ literal: '100.0' }, { literal: '1e3' }, { literal: '9223372036854775807' }],
  });
});

it('refuses nesting that no body of ours has', () => {
  expect(() => parseJson('['.repeat(100_000))).toThrow('exceeded max depth');
});

it('finds a field in any letter case, the last one, and takes null for absent', () => {
  const json = parseJson('{"Name":"a","NAME":"b","name":null,"other":null}');

  expect(field(json, 'name')).toEqual({ kind: 'string', value: 'b' });
  expect(field(json, 'other')).toBeUndefined();
});

it('takes a value of a program as if it had been written out and read', () => {
  const anything = fc.anything({ maxDepth: 3, withBigInt: false, withNullPrototype: false });
  fc.assert(
    fc.property(fc.record({ value: anything }), (value) => {
      expect(jsonOf(value)).toEqual(parseJson(JSON.stringify(value)));
    }),
  );
});
