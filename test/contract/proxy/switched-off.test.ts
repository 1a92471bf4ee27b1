/** Toxics that are kept as switches, on and off by their toxicity: one that is off holds no end back, in whatever order both came. */
import { expect, it } from 'vitest';
import { decodeToxicChange } from '../../../proxy/api/decode.ts';
import { parseJson } from '../../../proxy/core/json.ts';
import { allSamples } from './all-samples.ts';
import { MemoryConnection } from './memory-connection.ts';
import { plainDialogue, type Sample } from './samples/sample.ts';

const sides = ['client', 'server'] as const;
const other = { client: 'server', server: 'client' } as const;
/** Longer than anything that a sample waits for. */
const longMs = 300_000;

/** Who has forgotten a connection does not remember it. */
const forgets = ({ type, attributes }: Sample): boolean =>
  type === 'half_open' || Object.values(attributes).includes('forget');

const unique = new Map(
  allSamples
    .filter((sample) => !forgets(sample))
    .map((sample) => [JSON.stringify([sample.type, sample.stream, sample.attributes]), sample]),
);

function switchTo(toxicity: number, { toxic, clock, connection }: MemoryConnection): void {
  toxic.update(decodeToxicChange(parseJson(JSON.stringify({ toxicity })), toxic), clock.now());
  connection.update(toxic);
}

it.each([...unique.values()])('$type $attributes $stream', async ({
  type,
  stream = 'downstream',
  attributes,
  dialogue = plainDialogue,
}) => {
  for (const first of sides) {
    for (const how of ['fin', 'reset'] as const) {
      for (const order of ['off end', 'end off', 'off on end off', 'end off on off']) {
        const connection = new MemoryConnection({ type, stream, attributes });
        await connection.clock.advance(1);
        for (const message of dialogue) {
          connection.write(message.stream, message.bytes);
          await connection.clock.advance(3);
        }
        for (const step of order.split(' ')) {
          if (step === 'end') connection[first][how]();
          else switchTo(step === 'on' ? 1 : 0, connection);
          await connection.clock.advance(20);
        }
        await connection.clock.advance(longMs);

        const seen = { order, how, first: connection[first].seen, other: connection[other[first]].seen };
        expect(seen.other, JSON.stringify(seen)).not.toBe('nothing');
        if (how === 'fin') expect(seen.first, JSON.stringify(seen)).not.toBe('nothing');
      }
    }
  }
});
