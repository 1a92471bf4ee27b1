import { expect, it } from 'vitest';
import { decodeRightAttributes, decodeToxic, decodeToxicChange } from '../../../proxy/api/decode.ts';
import { encodeJson, toxicToJson } from '../../../proxy/api/encode.ts';
import { parseJson } from '../../../proxy/core/json.ts';
import { Toxic } from '../../../proxy/engine/toxic.ts';

const create = (attributes: string): Toxic =>
  new Toxic(decodeToxic(parseJson(`{"type":"latency","attributes":${attributes}}`)), 0);
const shown = (toxic: Toxic): string => encodeJson(toxicToJson(toxic));

it('gives integers of 64 bits back as they were given', () => {
  const toxic = create('{"latency":9223372036854775807}');
  expect(shown(toxic)).toContain('{"latency":9223372036854775807,"jitter":0}');

  toxic.update(decodeToxicChange(parseJson('{"attributes":{"jitter":5}}'), toxic), 0);
  expect(shown(toxic)).toContain('{"latency":9223372036854775807,"jitter":5}');

  toxic.update(decodeToxicChange(parseJson('{"attributes":{"latency":1}}'), toxic), 0);
  expect(shown(toxic)).toContain('{"latency":1,"jitter":5}');
});

it('finds the right attributes of a change that is refused', () => {
  const toxic = create('{"latency":10,"jitter":5}');
  const change = parseJson('{"toxicity":0.5,"attributes":{"JITTER":"x","Latency":20}}');

  expect(() => decodeToxicChange(change, toxic)).toThrow('bad request body');
  expect(decodeRightAttributes(change, toxic)).toMatchObject({
    attributes: { latency: 20, jitter: 5 },
    toxicity: 1,
  });
});

it.each([
  '9223372036854775808',
  `-${'9'.repeat(1_000_000)}`,
])('refuses what has no 64 bits, however long', (digits) => {
  expect(() => create(`{"latency":${digits}}`)).toThrow('of type int64');
});
