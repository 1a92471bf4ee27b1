/** Values as `toxiproxy-cli` sends them: what reads as a number is a number, everything else a text. */
import { describe, expect, it } from 'vitest';
import { decodeToxic } from '../../../proxy/api/decode.ts';
import { parseJson } from '../../../proxy/core/json.ts';
import { toxicTypes } from '../../../proxy/toxics/index.ts';

/** As `strconv.ParseFloat` and `encoding/json` make of it. */
const sent = (word: string): string =>
  word !== '' && Number.isFinite(Number(word)) ? String(Number(word)) : JSON.stringify(word);

const every = [...toxicTypes.values()].flatMap(({ type, attributes }) =>
  Object.entries(attributes).map(([name, attribute]) => ({ type, name, attribute })),
);
const of = (kind: string) => every.filter(({ attribute: { initial } }) => typeof initial === kind);

describe('every attribute can be set from a command line:', () => {
  it.each(of('boolean'))('$type $name', ({ attribute, name }) => {
    for (const word of ['true', 'True', 't', '1'])
      expect(attribute.decode(parseJson(sent(word)), name)).toBe(true);
    for (const word of ['false', 'FALSE', 'f', '0'])
      expect(attribute.decode(parseJson(sent(word)), name)).toBe(false);
    for (const word of ['yes', '2', '']) {
      expect(() => attribute.decode(parseJson(sent(word)), name)).toThrow('expected true or false');
    }
  });

  it.each(of('string').filter(({ attribute }) => attribute.range.startsWith('text')))('$type $name', ({
    attribute,
    name,
  }) => {
    for (const word of ['120', '404', '-1', '0.5'])
      expect(attribute.decode(parseJson(sent(word)), name)).toMatch(new RegExp(`${word}$`));
    expect(() => attribute.decode(parseJson('true'), name)).toThrow('expected a text');
  });

  it.each(of('object'))('$type $name', ({ attribute, name }) => {
    expect(attribute.decode(parseJson(sent('10,20,30')), name)).toEqual([10, 20, 30]);
    expect(attribute.decode(parseJson(sent('10')), name)).toEqual([10]);
    expect(() => attribute.decode(parseJson(sent('1.5')), name)).toThrow('expected a list of integers');
  });
});

it.each(['40001', '08001', '00000', 'HY000'])('keeps the SQLSTATE %s whole', (sqlstate) => {
  const toxic = parseJson(`{"type":"mysql_error","attributes":{"sqlstate":${sent(sqlstate)}}}`);
  expect(decodeToxic(toxic).attributes.sqlstate).toBe(sqlstate);
});
